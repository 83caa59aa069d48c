using Goodhart.Evaluation.Statistics;
using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Report.Text;

namespace Goodhart.Studies.Theory;

/// <summary>The summary as a table, a column for each set of responses; the same in the terminal and on the page.</summary>
public static class SoftQRows
{
    private static readonly (string Name, Func<ValueSummary, string> Text)[] Rows =
    [
        ("prompts, responses, tokens", s => $"{Numbers.Count(s.Prompts)}, {Numbers.Count(s.Responses)}, {Numbers.Count(s.Tokens)}"),
        ("responses that were cut", s => Numbers.Count(s.Cut)),
        ("implicit reward β log π/π_ref, per response", s => Text(s.ImplicitReward)),
        ("Σ r per response, model's gauge", s => Text(s.RewardSum)),
        ("V at the prompt", s => Text(s.PromptValue)),
        ("V at the end (0 after EOS)", s => Text(s.EndValue)),
        ("Σ r − (implicit reward + V(prompt) − V(end)), largest", s => Numbers.Significant(s.IdentityResidual)),
        ("Σ r per response, gauge V ≡ 0", s => Text(s.ImplicitReward)),
        ("gap V − max Q per token, Eq. (12)", s => Text(s.Gap)),
        ("bootstrapped prefixes that the data reach", s => Numbers.Percent(s.Covered)),
        ("unseen share of the bootstrapped sum, Eq. (11)", s => Text(s.UnseenShare)),
        ("the same under the reference", s => Text(s.ReferenceUnseenShare)),
        ("policy less reference, paired", s => Text(s.UnseenShareGrowth)),
        ("V less V over seen tokens", s => Text(s.UnseenValue)),
    ];

    public static IReadOnlyList<string> Columns(SoftQResult result) => ["quantity", .. result.Sets.Select(set => set.Name)];

    public static IReadOnlyList<string[]> Of(SoftQResult result)
    {
        ValueSummary[] summaries = [.. result.Sets.Select(set => set.Summary)];
        return [.. Rows.Select(row => (string[])[row.Name, .. summaries.Select(row.Text)])];
    }

    private static string Text(MeanEstimate? estimate) =>
        estimate is { } known ? Numbers.WithError(known.Mean, known.StandardError, 4) : Numbers.None;
}
