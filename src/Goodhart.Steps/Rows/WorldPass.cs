using Goodhart.Text.Data;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Rows;

/// <summary>A pass over rows of the world, which are token ids from the start: none is skipped and none is cut.</summary>
internal sealed class WorldPass(WorldRows source) : RowPass
{
    private int read;
    private long tokens;

    public override IEnumerable<TokenizedExample> Examples(RowSelection? selection) =>
        Chosen(source.Examples().Select(row => row.Tokens), selection, "rows")
            .Select(row => Counted(row, row.Prompt.Length + row.Response.Length));

    public override IEnumerable<TokenizedPair> Pairs(RowSelection? selection) => Counted(Chosen(Rows(), selection, "pairs"));

    public override IEnumerable<TokenizedPair> PairsWithDistinctPrompts(RowSelection? selection) =>
        Counted(Distinct(Chosen(Rows(), selection, "pairs")));

    public override IEnumerable<TokenizedPair> DistinctPrompts(RowSelection selection) =>
        Counted(Chosen(Distinct(Rows()), selection, "different prompts in pairs"));

    public override IEnumerable<LabelledResponse> Labelled() => Pairs(null).SelectMany(LabelledPair.Responses);

    public override IEnumerable<TokenizedExample> Prompts() => Examples(null);

    public override TokenizedData Account(int rows) => new(rows, read, new Dictionary<string, int>(), new TruncationReport
    {
        Policy = "none",
        Budget = new LengthBudget(source.LongestRow),
        Rows = read,
        TokensKept = tokens,
    });

    private IEnumerable<TokenizedPair> Rows() => source.Pairs().Select(pair => pair.Tokens);

    private static IEnumerable<TokenizedPair> Distinct(IEnumerable<TokenizedPair> pairs) =>
        pairs.DistinctBy(pair => string.Join(' ', pair.Prompt));

    private IEnumerable<T> Chosen<T>(IEnumerable<T> rows, RowSelection? selection, string what) =>
        selection is null ? rows : selection.Of([.. rows], source.Name, what);

    private IEnumerable<TokenizedPair> Counted(IEnumerable<TokenizedPair> pairs) =>
        pairs.Select(pair => Counted(pair, pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length));

    private T Counted<T>(T row, int length)
    {
        read++;
        tokens += length;
        return row;
    }
}
