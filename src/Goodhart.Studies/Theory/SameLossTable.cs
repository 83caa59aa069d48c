using Goodhart.Alignment.Losses;
using Goodhart.Evaluation.Theory.Queries;

namespace Goodhart.Studies.Theory;

/// <summary>Section 4's demonstration for the paper's three g at β 0.1, on the tree of appendix E.</summary>
public static class SameLossTable
{
    public const double Beta = 0.1;

    /// <summary>x = β·Δ of DPO's policies: it has no minimum, and here its loss is within 0.02 of its infimum.</summary>
    public const double DpoArgument = 4;

    /// <summary>Out-of-distribution mass along the curves of the figure.</summary>
    private static readonly double[] Masses = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99, 0.997, 0.999];

    public static IReadOnlyList<string> Losses { get; } = ["dpo", "ipo", "slic"];

    /// <summary>Of each loss three policies: little mass out of distribution, nearly all, and nearly all of it on one trajectory.</summary>
    public static IReadOnlyList<SameLossPolicy> Policies() =>
    [
        .. Losses.SelectMany(name =>
        {
            SameLossPolicies family = Family(name);
            return (SameLossPolicy[])
            [
                family.At(family.ShiftTo(0.01), "keeps to the data"),
                family.At(family.ShiftTo(0.99), "leaves the data"),
                family.OnOne(5, family.ShiftTo(0.99), "leaves for one trajectory"),
            ];
        }),
    ];

    /// <summary>The way from one to the other, the loss the same at every step.</summary>
    public static IReadOnlyList<SameLossPolicy> Path(string loss)
    {
        SameLossPolicies family = Family(loss);
        return [.. Masses.Select(mass => family.At(family.ShiftTo(mass), "on the way"))];
    }

    private static SameLossPolicies Family(string name) =>
        new((DirectAlignmentLoss)LossCatalogue.Create(name, Beta), name == "dpo" ? DpoArgument : 1);
}
