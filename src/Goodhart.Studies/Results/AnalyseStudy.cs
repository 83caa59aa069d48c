using System.Globalization;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Comparisons;
using Goodhart.Evaluation.Divergence;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Fits.Comparison;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Length;
using Goodhart.Evaluation.Metrics;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Evaluation.Statistics;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Measuring;

namespace Goodhart.Studies.Results;

/// <summary>Fits, claims and samples of a study: everything in its results that follows from the evaluations alone.</summary>
public sealed record AnalyseStudy : Step<StudyAnalysis>
{
    public required IReadOnlyList<Step<CheckpointEvaluation>> Evaluations { get; init; }

    /// <summary>What the second pass is about; null: the study has none.</summary>
    public ChooseCells? Choice { get; init; }

    /// <summary>The chosen checkpoints and the SFT models on the fresh prompts; null without a second pass.</summary>
    public IReadOnlyList<ConfirmCheckpoint>? Confirmed { get; init; }

    /// <summary>What implicit rewards say, of the evaluations that have a start; null where no remedy is compared.</summary>
    public ImplicitWins? Implicit { get; init; }

    /// <summary>What the checkpoints were asked.</summary>
    public required PromptTexts Prompts { get; init; }

    /// <summary>Of the bootstrap.</summary>
    public required ulong Seed { get; init; }

    public override string Label => "fits and claims";

    protected override int Version => 10;

    protected override bool DependsOnNumerics => false;

    protected override Task<StudyAnalysis> RunAsync(StepContext context, CancellationToken cancel)
    {
        CheckpointEvaluation[] evaluations = [.. Evaluations.Select(context.Get)];
        JudgedPrompts paired = JudgedPrompts.Of(WithImplicit(evaluations, context));
        IReadOnlyList<EvaluatedCheckpoint> all = paired.Checkpoints;

        // The paper's laws and claims are of the losses by themselves.
        IReadOnlyList<EvaluatedCheckpoint> checkpoints = [.. all.Where(checkpoint => !RemediedLosses.Contains(checkpoint.Point.Loss))];
        FitOptions fits = new() { Seed = Seed };
        TestOptions claims = new() { Seed = Seed };
        PromptDraws? draws = checkpoints.Count == 0 ? null : new PromptDraws(checkpoints[0].Outcomes.Kl.Length, fits.Replicates, Seed);
        FitReport sft = FitReport.OfStudy(checkpoints, fits, draws);
        FitReport free = FitReport.OfStudy(checkpoints, fits with { Intercept = InterceptKind.Free }, draws);

        // Figure 1's top row: the runs' last checkpoints alone.
        FitReport final = FitReport.OfStudy([.. checkpoints.Where(IsSftOrFinal)], fits, draws);
        context.Report(new ProgressReport(0.3, "fitted"));
        IReadOnlyDictionary<CheckpointKey, double> flops = TrainingCost.Of(Evaluations, evaluations);
        FreshReading? fresh = Fresh(context);
        IReadOnlyList<Claim> decided = StudyClaims.Decide(checkpoints, claims);
        StudyFindings findings = Direct(checkpoints, claims, draws) with
        {
            Points = [.. all.Select(checkpoint => checkpoint.Point)],
            Fits = [.. sft.Fits, .. free.Fits, .. final.Fits.Select(fit => fit with { Group = fit.Group + "/final" })],
            GoldFits = FitReport.OfGold(checkpoints, fits).Fits,
            Claims = decided,
            Samples = SampleSelection.Of(evaluations, Prompts.Read(context)),
            EqualKl = EqualKlComparison.Of(EvaluatedCheckpoint.Judged(checkpoints)),
            Bootstrapped =
            [
                .. evaluations.Where(evaluation => evaluation.Bootstrap is not null)
                    .Select(e => new CheckpointBootstrap(CheckpointKey.Of(e.Point), e.Bootstrap!)),
            ],
            Remedies = RemedyLeague.Of(all, flops),
            RemedyFamilies = RemedyLeague.Families(all, flops, fresh),
            ConfirmedCells = fresh?.Confirmed() ?? [],
            RemedyVerdicts = RemedyVerdicts.Of(all, fresh),
            RemedyBudgets = RemedyBudgets.Of(all, flops),
            RemediesAtEqualKl = [.. RemedyLeague.Compared(all).SelectMany(group => EqualKlComparison.Of(group.Checkpoints))],
        };
        return Task.FromResult(new StudyAnalysis(
            findings, Models(evaluations), [.. Missing(paired), .. sft.Skipped, .. UndecidedRlhf.Reasons(checkpoints, decided)]));
    }

    private EvaluatedCheckpoint[] WithImplicit(CheckpointEvaluation[] evaluations, StepContext context)
    {
        Dictionary<Step, double[]> wins = new(ReferenceEqualityComparer.Instance);
        foreach ((ImplicitSubject subject, double[] own) in Implicit is null ? [] : Implicit.Checkpoints.Zip(context.Get(Implicit)))
        {
            wins.Add(subject.Measured, own);
        }

        return
        [
            .. evaluations.Zip(Evaluations, (evaluation, step) => (evaluation.Evaluated, step)).Select(
                known => known.step is DescribeCheckpoint { Measured: { } measured } && wins.TryGetValue(measured, out double[]? own)
                    ? known.Evaluated with { Outcomes = known.Evaluated.Outcomes with { ProxyWin = own } }
                    : known.Evaluated),
        ];
    }

    private FreshReading? Fresh(StepContext context) => Choice is null || Confirmed is null ? null : new FreshReading(
        context.Get(Choice),
        JudgedPrompts.Of(
        [
            .. Confirmed.Select(context.Get).Select(confirmed => new EvaluatedCheckpoint(confirmed.Point, confirmed.Outcomes)),
        ]).Checkpoints);

    /// <summary>Sections 3.2 to 3.5 beyond fits and claims: of judged checkpoints of direct alignment.</summary>
    private static StudyFindings Direct(IReadOnlyList<EvaluatedCheckpoint> all, TestOptions claims, PromptDraws? draws)
    {
        EvaluatedCheckpoint.RequireCommonPrompts(all);
        EvaluatedCheckpoint[] checkpoints = [.. EvaluatedCheckpoint.Judged(all).Where(c => !RlhfMethods.Contains(c.Point.Loss))];
        IReadOnlyList<CheckpointGroup> groups = CheckpointGroup.Split(checkpoints);
        FitOptions fits = new() { Seed = claims.Seed, Level = claims.Level, Replicates = claims.Replicates };
        return new StudyFindings
        {
            Points = [],
            Fits = [],
            Claims = [],
            Samples = [],
            Length = LengthReading.OfStudy(checkpoints, new LengthOptions()),
            Correlations = MetricAnalysis.OfStudy(checkpoints, claims),
            ForwardKl = ForwardKlReading.OfStudy(checkpoints),
            ForwardKlFits =
            [
                .. FitReport.OfForwardKl(checkpoints, ForwardKlAxis.Eq7, fits).Fits,
                .. FitReport.OfForwardKl(checkpoints, ForwardKlAxis.Sampled, fits).Fits,
            ],
            BoundedFits = FitReport.OfBoundedStudy(checkpoints, fits, draws).Fits,
            Comparisons = LawComparison.OfStudy(groups, claims),
            PooledFits = Evaluation.Fits.Pooling.PooledFits.OfStudy(groups, fits, draws),
            Forecasts = ForecastReport.OfStudy(checkpoints, new ForecastOptions()),
        };
    }

    private static string[] Missing(JudgedPrompts paired) => paired.LeftOut == 0 ? [] :
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"{paired.LeftOut} of {paired.Prompts} prompts lack the judge's verdict at some checkpoint: fits, claims and comparisons "
                + $"leave them out at ")
            + "all checkpoints, to stay paired. A checkpoint's own win rate counts every verdict that it has; winrates.csv counts what is "
            + "missing.",
    ];

    private static bool IsSftOrFinal(EvaluatedCheckpoint checkpoint) => checkpoint.IsSft || checkpoint.Point.Fraction >= 1;

    private static ModelSummary[] Models(CheckpointEvaluation[] evaluations) =>
    [
        .. evaluations.Where(evaluation => evaluation.Evaluated.IsSft).DistinctBy(evaluation => evaluation.Point.Model).Select(
            evaluation => new ModelSummary(
                evaluation.Point.Model, evaluation.Point.Parameters ?? 0, evaluation.Point.NonEmbedding ?? 0, evaluation.SlotAccuracy)),
    ];
}

/// <summary>What follows from a study's evaluations.</summary>
/// <param name="Skipped">Fits that could not be made, and why.</param>
public sealed record StudyAnalysis(StudyFindings Findings, IReadOnlyList<ModelSummary> Models, IReadOnlyList<string> Skipped);
