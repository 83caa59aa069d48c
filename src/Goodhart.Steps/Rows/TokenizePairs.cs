using Goodhart.Pipeline;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Rows;

/// <summary>Preference pairs as token ids.</summary>
public sealed record TokenizePairs : TokenizeRows, IPairRows
{
    /// <summary>Null: all of the file.</summary>
    public RowSelection? Selection { get; init; }

    public TokenizedPair[] Read(StepContext context) => TokenFile.Read(
        context.FileOf(this, TokenFile.Name), (id, parts) => new TokenizedPair(id, parts[0], parts[1], parts[2])
        {
            Margin = parts.Length > 3 ? BitConverter.Int64BitsToDouble(((long)parts[3][0] << 32) | (uint)parts[3][1]) : null,
        });

    private protected override string Kind => "pairs";

    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(RowPass pass) =>
        pass.Pairs(Selection).Select(row => (row.Id, (int[][])[row.Prompt, row.Chosen, row.Rejected, .. Margin(row)]));

    /// <summary>The two halves of its bits; nothing where the pair has none.</summary>
    private static int[][] Margin(TokenizedPair pair) => pair.Margin is { } margin
        ? [[(int)(BitConverter.DoubleToInt64Bits(margin) >> 32), (int)BitConverter.DoubleToInt64Bits(margin)]]
        : [];
}
