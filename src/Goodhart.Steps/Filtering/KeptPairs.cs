using Goodhart.Alignment.Remedies;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Filtering;

/// <summary>The pairs that a filter keeps, in their order.</summary>
public sealed record KeptPairs(TokenizePairs All, PairMargins Margins, FilteredPairs Filter) : IPairRows
{
    public RowSource Source => All.Source;

    public TokenizedPair[] Read(StepContext context)
    {
        TokenizedPair[] pairs = All.Read(context);
        return [.. Filter.Kept(context.Get(Margins)).Select(pair => pairs[pair])];
    }
}
