using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Text.Data;

namespace Goodhart.Alignment.Tests.Training;

/// <summary>Pairs as single responses with labels, three undesirable ones for two desirable.</summary>
internal static class SmallResponses
{
    public static KtoLoss Loss { get; } = new() { Beta = 0.1, DesirableWeight = 1.5, UndesirableWeight = 1 };

    public static KtoRow[] Rows(TokenizedPair[] pairs)
    {
        LabelledResponse[] responses =
        [
            .. pairs.SelectMany((pair, i) => (LabelledResponse[])
            [
                new(pair.Id, pair.Prompt, pair.Chosen, IsDesirable: i % 5 != 0),
                new(pair.Id, pair.Prompt, pair.Rejected, IsDesirable: false),
            ]),
        ];
        return [.. responses.Zip(MismatchedResponses.Of(responses, maxTokens: 20), (row, other) => new KtoRow(row, other))];
    }
}
