using Goodhart.Models.HuggingFace;
using Goodhart.Pipeline;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Rows;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Describing;

/// <summary>The evaluation prompts of a study as text, as the policies read them, in the order of its outcomes.</summary>
/// <param name="Gold">Any checkpoint's judging by the gold reward, for that of the data set's responses; null where none is known.</param>
public sealed record PromptTexts(AnsweredPrompts Rows, JudgeCheckpoint? Gold)
{
    public IReadOnlyList<PromptAnswer> Read(StepContext context)
    {
        ITokenizer tokenizer = Rows.Source.OpenTokenizer();
        IReadOnlyList<int> ends = Rows.Source.Ends();
        double[]? gold = Gold is null ? null : context.Get(Gold).Gold!.References;
        return
        [
            .. Rows.ReadWithResponses(context).Select((row, i) => new PromptAnswer(
                tokenizer.Decode(row.Prompt), tokenizer.Decode(EndTokens.Before(row.Response, ends)), gold?[i])),
        ];
    }
}

/// <param name="Response">The data set's.</param>
/// <param name="Gold">The response's gold reward; null where none is known.</param>
public sealed record PromptAnswer(string Prompt, string Response, double? Gold);
