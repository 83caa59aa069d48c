using Goodhart.Models.Sampling;
using Goodhart.Pipeline;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Stages.Data;

/// <summary>Prompts of held-out pairs, each prompt once, with the data set's preferred response: what a policy is asked and compared with.</summary>
/// <remarks>A prompt is cut as training would cut it: with its pair.</remarks>
public sealed record TokenizeHeldOutPrompts : PromptRows
{
    public required RowSelection Selection { get; init; }

    /// <summary>Prompt and preferred response, EOS included.</summary>
    internal TokenizedExample[] ReadWithResponses(StepContext context) => TokenFile.Read(
        context.FileOf(this, TokenFile.Name), (id, parts) => new TokenizedExample(id, parts[0], parts[1]));

    internal override SamplingPrompt[] Read(StepContext context) =>
        [.. ReadWithResponses(context).Select(row => new SamplingPrompt(row.Id, row.Prompt))];

    private protected override string Kind => "prompts";

    private protected override IEnumerable<(int Id, int[][] Parts)> Rows(Dataset data, PairTokenizer tokenizer, SkipTally tally)
    {
        PreferenceRow[] distinct = [.. data.Preferences(tally).DistinctBy(row => row.Prompt)];
        return tokenizer.Tokenize(Selection.Of(distinct, Source.Data.Path, "different prompts in pairs"))
            .Select(row => (row.Id, (int[][])[row.Prompt, row.Chosen]));
    }
}
