using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Steps;

/// <summary>Fits, claims and samples of a study: everything in its results that follows from the evaluations alone.</summary>
public sealed record AnalyseStudy : Step<StudyAnalysis>
{
    public required IReadOnlyList<Step<CheckpointEvaluation>> Evaluations { get; init; }

    /// <summary>What the checkpoints were asked.</summary>
    public required PromptTexts Prompts { get; init; }

    /// <summary>Of the bootstrap.</summary>
    public required ulong Seed { get; init; }

    public override string Label => "fits and claims";

    protected override int Version => 2;

    protected override bool DependsOnNumerics => false;

    protected override Task<StudyAnalysis> RunAsync(StepContext context, CancellationToken cancel)
    {
        CheckpointEvaluation[] evaluations = [.. Evaluations.Select(context.Get)];
        EvaluatedCheckpoint[] checkpoints = [.. evaluations.Select(evaluation => evaluation.Evaluated)];
        FitOptions fits = new() { Seed = Seed };
        FitReport sft = FitReport.OfStudy(checkpoints, fits);
        context.Report(new ProgressReport(0.3, "fitted"));
        FitReport free = FitReport.OfStudy(checkpoints, fits with { Intercept = InterceptKind.Free });
        context.Report(new ProgressReport(0.5, "fitted"));

        // Figure 1's top row: the runs' last checkpoints alone.
        FitReport final = FitReport.OfStudy([.. checkpoints.Where(IsSftOrFinal)], fits);
        context.Report(new ProgressReport(0.7, "fitted"));
        return Task.FromResult(new StudyAnalysis(
            [.. checkpoints.Select(checkpoint => checkpoint.Point)],
            [.. sft.Fits, .. free.Fits, .. final.Fits.Select(fit => fit with { Group = fit.Group + "/final" })],
            [.. sft.Skipped],
            StudyClaims.Decide(checkpoints, new ClaimOptions { Seed = Seed }),
            SampleSelection.Of(evaluations, Prompts.Read(context)),
            Models(evaluations),
            EqualKlComparison.Of(checkpoints)));
    }

    private static bool IsSftOrFinal(EvaluatedCheckpoint checkpoint) => checkpoint.IsSft || checkpoint.Point.Fraction >= 1;

    private static ModelSummary[] Models(CheckpointEvaluation[] evaluations) =>
    [
        .. evaluations.Where(evaluation => evaluation.Evaluated.IsSft).DistinctBy(evaluation => evaluation.Point.Model).Select(
            evaluation => new ModelSummary(
                evaluation.Point.Model, evaluation.Point.Parameters ?? 0, evaluation.Point.NonEmbedding ?? 0, evaluation.SlotAccuracy)),
    ];
}

/// <param name="Skipped">Fits that could not be made, and why.</param>
public sealed record StudyAnalysis(
    IReadOnlyList<CheckpointPoint> Points,
    IReadOnlyList<ScalingLawFit> Fits,
    IReadOnlyList<string> Skipped,
    IReadOnlyList<Claim> Claims,
    IReadOnlyList<SampleComparison> Samples,
    IReadOnlyList<ModelSummary> Models,
    IReadOnlyList<EqualKlCell> EqualKl);
