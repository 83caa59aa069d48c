using Goodhart.Pipeline;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Rows;

/// <summary>Prompts with the completion to imitate, as token ids; of preference data, the chosen one, or the desirable ones.</summary>
public sealed record TokenizeExamples : TokenizeRows
{
    public TokenizedExample[] Read(StepContext context) => TokenFile.Read(
        context.FileOf(this, TokenFile.Name), (id, parts) => new TokenizedExample(id, parts[0], parts[1]));

    private protected override string Kind => "examples";

    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(RowPass pass) =>
        pass.Examples(null).Select(row => (row.Id, (int[][])[row.Prompt, row.Response]));
}
