using Goodhart.Pipeline;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Stages.Data;

/// <summary>Prompts with the completion to imitate, as token ids; of preference data, the chosen one, or the desirable ones.</summary>
public sealed record TokenizeExamples : TokenizeRows
{
    internal TokenizedExample[] Read(StepContext context) => TokenFile.Read(
        context.FileOf(this, TokenFile.Name), (id, parts) => new TokenizedExample(id, parts[0], parts[1]));

    private protected override string Kind => "examples";

    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(Dataset data, PairTokenizer tokenizer, SkipTally tally) =>
        tokenizer.Tokenize(data.Examples(tally)).Select(row => (row.Id, (int[][])[row.Prompt, row.Response]));
}
