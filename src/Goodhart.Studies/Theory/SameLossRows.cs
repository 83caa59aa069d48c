using Goodhart.Evaluation.Theory.Queries;
using Goodhart.Report.Text;
using Goodhart.Studies.Wording;

namespace Goodhart.Studies.Theory;

/// <summary>The demonstration as a table, the same in the terminal and on the page.</summary>
public static class SameLossRows
{
    public static IReadOnlyList<string> Columns { get; } =
        [
            "loss", "policy", "value of the loss", "out-of-distribution mass", "mass of the pair", "top out-of-distribution trajectory",
            "entropy (nats)",
        ];

    public static IReadOnlyList<string[]> Of(IReadOnlyList<SameLossPolicy> policies) =>
    [
        .. policies.Select(policy => (string[])
        [
            LossNames.Display(policy.Loss),
            policy.Policy,
            Numbers.Fixed(policy.LossValue, 12),
            Numbers.Fixed(policy.OutOfDistribution, 4),
            Numbers.Fixed(policy.Pair, 4),
            Numbers.Fixed(policy.TopOutOfDistribution, 4),
            Numbers.Fixed(policy.Entropy, 3),
        ]),
    ];
}
