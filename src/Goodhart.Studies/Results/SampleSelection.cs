using Goodhart.Steps.Describing;
using Goodhart.Steps.Measuring;

namespace Goodhart.Studies.Results;

/// <summary>Responses to read side by side: of the SFT model and of the checkpoints at low, best and high KL, to the same posts.</summary>
/// <remarks>The posts are the first of the held-out set, for every study: nobody picked them.</remarks>
internal static class SampleSelection
{
    private const int Posts = 4;

    /// <summary>A checkpoint nearer to the reference than this says the same as the SFT model.</summary>
    private const double LeastSqrtKl = 0.3;

    /// <param name="prompts">In the order of the outcomes.</param>
    public static IReadOnlyList<SampleComparison> Of(
        IReadOnlyList<CheckpointEvaluation> evaluations, IReadOnlyList<PromptAnswer> prompts) =>
    [
        .. evaluations.GroupBy(evaluation => evaluation.Point.Model)
            .SelectMany(group => prompts.Take(Posts).Select((prompt, i) => Compare(group.Key, prompt, i, Columns([.. group])))),
    ];

    private static IEnumerable<(string Heading, CheckpointEvaluation Evaluation)> Columns(CheckpointEvaluation[] evaluations)
    {
        CheckpointEvaluation sft = evaluations.First(evaluation => evaluation.Evaluated.IsSft);
        yield return ("SFT", sft);
        CheckpointEvaluation[] aligned = [.. evaluations.Where(evaluation => !evaluation.Evaluated.IsSft)];
        if (aligned.Length == 0)
        {
            yield break;
        }

        CheckpointEvaluation high = aligned.MaxBy(evaluation => evaluation.Point.SqrtKl)!;
        CheckpointEvaluation? low = aligned.Where(evaluation => evaluation.Point.SqrtKl >= LeastSqrtKl)
            .MinBy(evaluation => evaluation.Point.SqrtKl);
        if (low is not null)
        {
            yield return ("low KL", low);
        }

        if (aligned.All(evaluation => evaluation.Point.WinRate is not null))
        {
            yield return ("best", aligned.MaxBy(evaluation => evaluation.Point.WinRate)!);
        }

        yield return ("high KL", high);
    }

    private static SampleComparison Compare(
        string model, PromptAnswer prompt, int index, IEnumerable<(string Heading, CheckpointEvaluation Evaluation)> columns) => new(
            model,
            prompt.Prompt,
            prompt.Response,
            prompt.Gold,
            [
                .. columns.Select(column => new SampleColumn(
                    column.Heading,
                    column.Evaluation.Point.Loss,
                    column.Evaluation.Point.Beta,
                    column.Evaluation.Point.Fraction,
                    column.Evaluation.Point.SqrtKl,
                    column.Evaluation.Responses[index].Text,
                    column.Evaluation.Responses[index].Gold)),
            ]);
}
