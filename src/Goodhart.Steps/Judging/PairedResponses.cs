using Goodhart.Evaluation.Judges;

namespace Goodhart.Steps.Judging;

/// <summary>Two files' responses to the same prompts.</summary>
/// <param name="OnlyA">Prompts of the first file that the second lacks; they are not judged.</param>
public sealed record PairedResponses(IReadOnlyList<ResponsePair> Pairs, int OnlyA, int OnlyB)
{
    /// <summary>Pairs a prompt's i-th response of A with its i-th of B; where B has fewer, they are gone through again.</summary>
    public static PairedResponses Match(IReadOnlyList<ResponseRow> a, IReadOnlyList<ResponseRow> b)
    {
        Dictionary<string, ResponseRow[]> others = ByPrompt(b);
        Dictionary<string, ResponseRow[]> ours = ByPrompt(a);
        ResponsePair[] pairs =
        [
            .. a.Select(row => row.Prompt).Distinct(StringComparer.Ordinal).Where(others.ContainsKey).SelectMany(
                prompt => ours[prompt].Select((row, i) => Pair(prompt, row, others[prompt], i))),
        ];
        return new PairedResponses(
            pairs, ours.Keys.Count(prompt => !others.ContainsKey(prompt)), others.Keys.Count(prompt => !ours.ContainsKey(prompt)));
    }

    /// <summary>
    /// The pairs of so many prompts, chosen by seed and prompt: neither files nor their order matter, and more prompts hold the fewer.
    /// </summary>
    public static IReadOnlyList<string> ChoosePrompts(IReadOnlyList<string> prompts, int? limit, ulong seed) =>
        PairDraws.Choose(prompts, limit ?? int.MaxValue, seed, "judge/prompts", prompt => (prompt, 0));

    private static ResponsePair Pair(string prompt, ResponseRow ours, ResponseRow[] theirs, int i) =>
        Pair(prompt, ours, theirs[i % theirs.Length], i);

    private static ResponsePair Pair(string prompt, ResponseRow a, ResponseRow b, int sample) => new(prompt, a.Response, b.Response, sample)
    {
        WrittenByTemplate = a.WrittenByTemplate || b.WrittenByTemplate,
    };

    private static Dictionary<string, ResponseRow[]> ByPrompt(IReadOnlyList<ResponseRow> rows) =>
        rows.GroupBy(row => row.Prompt, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
}
