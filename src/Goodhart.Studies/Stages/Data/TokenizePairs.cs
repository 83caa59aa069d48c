using Goodhart.Pipeline;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Stages.Data;

/// <summary>Preference pairs as token ids.</summary>
public sealed record TokenizePairs : TokenizeRows
{
    internal TokenizedPair[] Read(StepContext context) => TokenFile.Read(
        context.FileOf(this, TokenFile.Name), (id, parts) => new TokenizedPair(id, parts[0], parts[1], parts[2]));

    private protected override string Kind => "pairs";

    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(PairTokenizer tokenizer, SkipTally tally) =>
        tokenizer.Tokenize(Source.OpenData().Preferences(tally)).Select(row => (row.Id, (int[][])[row.Prompt, row.Chosen, row.Rejected]));
}
