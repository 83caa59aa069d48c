using Goodhart.Pipeline;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Rows;

/// <summary>Single responses with labels as token ids: unpaired data, or pairs as two rows each, cut as pairs are.</summary>
public sealed record TokenizeResponses : TokenizeRows
{
    public LabelledResponse[] Read(StepContext context) => Read(context.FileOf(this, TokenFile.Name));

    /// <param name="path">Of the step's <see cref="TokenFile"/>.</param>
    public static LabelledResponse[] Read(string path) =>
        TokenFile.Read(path, (id, parts) => new LabelledResponse(id, parts[0], parts[1], parts[2][0] == 1));

    private protected override string Kind => "responses";

    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(RowPass pass) =>
        pass.Labelled().Select(row => (row.Id, (int[][])[row.Prompt, row.Response, [row.IsDesirable ? 1 : 0]]));
}
