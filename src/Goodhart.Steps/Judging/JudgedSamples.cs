using Goodhart.Evaluation.Judges;
using Goodhart.Models.HuggingFace;
using Goodhart.Pipeline;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Text.Data;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Judging;

/// <summary>A checkpoint's samples beside the data set's responses, as text and as token ids.</summary>
/// <param name="Prompts">With the data set's responses.</param>
/// <param name="Samples">By prompt, then by sample.</param>
/// <param name="Pairs">The policy's response is A. In the order of the samples.</param>
public sealed record JudgedSamples(TokenizedExample[] Prompts, ResponseRecord[][] Samples, ResponsePair[] Pairs)
{
    public static JudgedSamples Read(MeasureCheckpoint measured, AnsweredPrompts prompts, StepContext context)
    {
        ITokenizer tokenizer = prompts.Source.OpenTokenizer();
        TokenizedExample[] rows = prompts.ReadWithResponses(context);
        IReadOnlyList<int> ends = prompts.Source.Ends();
        bool isWritten = context.Get(prompts).WrittenByTemplate;
        JudgedResponse[] data = Array.ConvertAll(rows, row => Response(row, tokenizer, ends));
        ResponseRecord[][] samples =
        [
            .. ResponseRecord.Read(context.FileOf(measured, MeasureCheckpoint.ResponsesFile)).Chunk(measured.Sampling.Samples),
        ];
        return new JudgedSamples(
            rows, samples,
            [
                .. samples.SelectMany((own, i) => own.Select(sample => new ResponsePair(
                    sample.Prompt, JudgedResponse.Of(sample.Response, sample.Finished()), data[i], sample.Sample)
                {
                    WrittenByTemplate = isWritten,
                })),
            ]);
    }

    private static JudgedResponse Response(TokenizedExample row, ITokenizer tokenizer, IReadOnlyList<int> ends)
    {
        ReadOnlySpan<int> text = EndTokens.Before(row.Response, ends);
        return JudgedResponse.Of(tokenizer.Decode(text), text.Length < row.Response.Length);
    }
}
