using Goodhart.Text.Data;

namespace Goodhart.Studies.Stages.Data;

/// <summary>A pair as single responses with labels.</summary>
internal static class LabelledPair
{
    public static IEnumerable<LabelledResponse> Responses(TokenizedPair pair) =>
        [new(pair.Id, pair.Prompt, pair.Chosen, IsDesirable: true), new(pair.Id, pair.Prompt, pair.Rejected, IsDesirable: false)];
}
