namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>Reads every prefix of responses with one policy.</summary>
public static class PrefixReadings
{
    /// <param name="seen">Null: every token counts as not seen before.</param>
    /// <returns>[tree][response][prefix].</returns>
    public static PrefixReading[][][] Of(
        IPrefixLogits policy, IReadOnlyList<ResponseTree> trees, ISeenTokens? seen, CancellationToken cancel = default)
    {
        IReadOnlyList<int>[][][] known =
            [.. trees.Select(tree => tree.Responses.Select(response => SeenAlong(seen, tree.Prompt, response)).ToArray())];
        PrefixReading[][][] readings =
            [.. trees.Select(tree => tree.Responses.Select(response => new PrefixReading[response.Prefixes]).ToArray())];
        policy.Visit(
            trees,
            (tree, response, position, logits) =>
            {
                int[] tokens = trees[tree].Responses[response].Tokens;
                readings[tree][response][position] = PrefixReading.Of(
                    logits, position < tokens.Length ? tokens[position] : null, known[tree][response][position]);
            },
            cancel);
        return readings;
    }

    private static IReadOnlyList<int>[] SeenAlong(ISeenTokens? seen, int[] prompt, TokenResponse response) =>
        seen?.Along(prompt, response.Tokens) ?? [.. Enumerable.Repeat<IReadOnlyList<int>>([], response.Tokens.Length + 1)];
}
