using Goodhart.Text.Data;

namespace Goodhart.Steps.Rows;

/// <summary>A pair as single responses with labels.</summary>
public static class LabelledPair
{
    public static IEnumerable<LabelledResponse> Responses(TokenizedPair pair) =>
        [new(pair.Id, pair.Prompt, pair.Chosen, IsDesirable: true), new(pair.Id, pair.Prompt, pair.Rejected, IsDesirable: false)];
}
