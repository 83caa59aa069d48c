using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;

namespace Goodhart.Steps.Describing;

/// <summary>A chosen checkpoint, or the SFT model, on prompts that had no part in choosing it.</summary>
/// <remarks>No <see cref="DescribeCheckpoint"/>: it is no further point of the run, and whoever follows a study's points leaves it
/// out.</remarks>
public sealed record ConfirmCheckpoint : Step<ConfirmedCheckpoint>
{
    public required MeasureCheckpoint Measured { get; init; }

    public required JudgeCheckpoint Judged { get; init; }

    public required CheckpointKey Checkpoint { get; init; }

    public override string Label => $"confirm {Measured.CheckpointName}";

    protected override bool DependsOnNumerics => false;

    protected override Task<ConfirmedCheckpoint> RunAsync(StepContext context, CancellationToken cancel)
    {
        ResponseRecord[] responses = ResponseRecord.Read(context.FileOf(Measured, MeasureCheckpoint.ResponsesFile));
        ResponseRecord[][] byPrompt = [.. responses.Chunk(Measured.Sampling.Samples)];
        JudgedCheckpoint judged = context.Get(Judged);
        CheckpointPoint point = context.Get(Measured).AddTo(new CheckpointPoint
        {
            Loss = Checkpoint.Loss,
            Beta = Checkpoint.Beta,
            Model = Checkpoint.Model,
            Seed = Checkpoint.Seed,
            Fraction = Checkpoint.Fraction,
            Kl = 0,
        });
        return Task.FromResult(new ConfirmedCheckpoint(
            point with { WinRate = judged.WinRate.Rate, WinRateSe = judged.WinRate.StandardError },
            new PerPromptOutcomes(judged.ByPrompt(), [.. byPrompt.Select(own => own.Average(response => response.Kl))])
            {
                Length = [.. byPrompt.Select(own => own.Average(response => (double)response.Length()))],
            }));
    }
}

/// <param name="Outcomes">By fresh prompt.</param>
public sealed record ConfirmedCheckpoint(CheckpointPoint Point, PerPromptOutcomes Outcomes);
