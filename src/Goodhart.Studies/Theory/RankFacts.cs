using Goodhart.Evaluation.Theory.Queries;
using Goodhart.Report.Text;
using Goodhart.Text;
using Goodhart.Text.Datasets;

namespace Goodhart.Studies.Theory;

/// <summary>A rank result as terms and values, the same in the terminal and on the page.</summary>
public static class RankFacts
{
    public static IReadOnlyList<(string Term, string Value, string Meaning)> Of(RankResult result)
    {
        RankReport graph = result.Graph;
        Contradictions knots = graph.Contradictions;
        return
        [
            ("preference pairs", Numbers.Count(graph.Pairs), Pairs(result)),
            ("prompts",
                Numbers.Count(graph.Prompts),
                $"{Numbers.Count(graph.SplitPrompts)} with responses that no chain of pairs connects"),
            ("responses", Numbers.Count(graph.Responses), "distinct (prompt, response): the columns of Q that the data name"),
            ("never compared",
                Numbers.Count(graph.NeverCompared),
                result.FurtherResponses is { } file
                    ? $"with the responses of {file}"
                    : "--responses FILE adds responses that exist but are in no pair"),
            ("groups compared",
                Numbers.Count(graph.Components),
                $"connected by pairs; the largest has {Numbers.Count(graph.Sizes[^1].Responses)} "
                    + $"{Quantity.Noun(graph.Sizes[^1].Responses, "response")}"),
            ("rank of Q", Numbers.Count(graph.Rank), "directions of the log-ratio that the loss sees" + Svd(graph)),
            ("nullity",
                Numbers.Count(graph.Nullity),
                "directions, on these responses, that it does not see: one for every group and every response never compared"),
            ("within the support",
                Numbers.Count(graph.NullityWithinSupport),
                "the same if all probability had to stay on these responses: one less for every prompt"),
            ("dependent pairs", Numbers.Count(graph.DependentPairs), "pairs less rank: repeated, contrary, equal, or closing a cycle"),
            ("contradictions",
                Numbers.Count(knots.Knots),
                $"knots of responses preferred in a circle: {Numbers.Count(knots.Responses)} {Quantity.Noun(knots.Responses, "response")}, "
                + $"{Numbers.Count(knots.Pairs)} {Quantity.Noun(knots.Pairs, "pair")}, {Numbers.Count(knots.BothWays)} compared both ways"),
            ("share of the space", Power(result.Log10Share), Space(result)),
            ("share, own prompts",
                Power(result.Log10ShareOfOwnPrompts),
                $"of 10^{Numbers.Fixed(result.Space.Log10Responses, 1)} responses to each prompt of the data"),
            ("unseen directions",
                Power(result.Space.Log10PromptsAndResponses),
                "of the log-ratio over the whole space: the rank is lost in the rounding"),
        ];
    }

    private static string Power(double log10) => $"10^{Numbers.Fixed(log10, 1)}";

    private static string Pairs(RankResult result)
    {
        string skipped = string.Join(", ", result.Skipped.Select(entry => $"{Numbers.Count(entry.Value)} {entry.Key.Phrase()}"));
        return $"of {Numbers.Count(result.Rows)} {Quantity.Noun(result.Rows, "row")} of {result.File}"
            + (skipped.Length > 0 ? $" (passed over: {skipped})" : "")
            + (result.Graph.EqualPairs > 0 ? $"; {Numbers.Count(result.Graph.EqualPairs)} compare a text with itself" : "");
    }

    private static string Svd(RankReport graph) => graph.RankBySvd is { } rank ? $" ({Numbers.Count(rank)} by singular values)" : "";

    private static string Space(RankResult result) =>
        $"{Numbers.Count(result.Space.Vocabulary)} token ids, prompts of at most {Numbers.Count(result.Space.PromptTokens)} and responses "
            + "of at most "
        + $"{Numbers.Count(result.Space.ResponseTokens)} tokens: 10^{Numbers.Fixed(result.Space.Log10PromptsAndResponses, 1)} of them";
}
