using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Results;

namespace Goodhart.Studies.Running;

/// <summary>The cells that did best on a study's prompts, and the SFT models, on fresh ones: steps that are known once those are
/// chosen.</summary>
internal sealed class SecondPass
{
    private readonly StudyDefinition study;
    private readonly ConfirmDefinition confirm;
    private readonly StudyModel[] models;
    private readonly OpenedJudge judge;
    private readonly Func<TokenizeRows, TokenizedData> read;
    private readonly DescribeCheckpoint[] first;

    private SecondPass(
        StudyDefinition study, ConfirmDefinition confirm, StudyModel[] models, OpenedJudge judge,
        Func<TokenizeRows, TokenizedData> read, IReadOnlyList<Step<CheckpointEvaluation>> evaluations)
    {
        (this.study, this.confirm, this.models, this.judge, this.read) = (study, confirm, models, judge, read);
        first = [.. evaluations.OfType<DescribeCheckpoint>()];
        Choice = new ChooseCells { Evaluations = evaluations, Cells = confirm.Cells };
    }

    /// <summary>Null where the study has none.</summary>
    public static SecondPass? Of(
        StudyDefinition study, StudyModel[] models, OpenedJudge? judge, Func<TokenizeRows, TokenizedData> read,
        IReadOnlyList<Step<CheckpointEvaluation>> evaluations) => study.Evaluate.Confirm is not { } confirm ? null : new SecondPass(
            study, confirm, models, judge ?? throw new InvalidOperationException("nothing decides wins."), read, evaluations);

    /// <summary>What it depends on.</summary>
    public ChooseCells Choice { get; }

    /// <summary>As many cells as there can be, each at its last checkpoint: no choice asks for more.</summary>
    public IReadOnlyList<RankedCell> Most => RankedCell.Best(
        [
            .. first.Select(step => new EvaluatedCheckpoint(
                new CheckpointPoint
                {
                    Model = step.ModelName,
                    Loss = step.Loss,
                    Beta = step.Beta,
                    Seed = step.AlignmentSeed,
                    Fraction = step.Fraction,
                    Kl = 0,
                    WinRate = step.Fraction,
                },
                new PerPromptOutcomes([step.Fraction], [0]))),
        ],
        confirm.Cells);

    /// <summary>The SFT model of each seed, then the seed's chosen checkpoints.</summary>
    public IReadOnlyList<ConfirmCheckpoint> Steps(IReadOnlyList<RankedCell> chosen) =>
    [
        .. first.GroupBy(step => (step.ModelName, step.AlignmentSeed)).SelectMany(run =>
        {
            StudyModel model = models.Single(model => model.Name == run.Key.ModelName);
            ConfirmCheckpoint start = OnFresh(run.Single(step => step.Loss.Length == 0), model, start: null);
            return (ConfirmCheckpoint[])
            [
                start,
                .. run.Where(step => chosen.Any(cell => cell.Is(KeyOf(step)))).Select(step => OnFresh(step, model, start.Measured)),
            ];
        }),
    ];

    private static CheckpointKey KeyOf(DescribeCheckpoint step) =>
        new(step.Loss, step.ModelName, step.Beta, step.AlignmentSeed, step.Fraction);

    /// <summary>Held-out pairs say nothing new.</summary>
    /// <param name="start">The SFT model's; null: it is that.</param>
    private ConfirmCheckpoint OnFresh(DescribeCheckpoint step, StudyModel model, MeasureCheckpoint? start)
    {
        AnsweredPrompts prompts = model.Rows.Fresh!;
        TokenizedData rows = read(prompts);
        ResponseSampling sampling = step.Measured.Sampling with { Samples = study.Evaluate.SamplesPerPrompt };
        MeasureCheckpoint measured = step.Measured with
        {
            Prompts = prompts,
            Sampling = sampling,
            HeldOut = null,
            Bootstrap = null,
            Compared = null,
            Start = start,
            CheckpointName = $"{step.Measured.CheckpointName} on fresh prompts",
            Cost = MeasureCheckpoint.CostOf(model.Config, sampling, rows, heldOut: null),
            Bytes = MeasureCheckpoint.BytesOf(sampling, rows),
        };
        return new ConfirmCheckpoint
        {
            Measured = measured,
            Judged = new JudgeCheckpoint
            {
                Measured = measured,
                Prompts = prompts,
                Judge = judge.Identity,
                Need = judge.Need(rows, sampling),
            },
            Checkpoint = KeyOf(step),
        };
    }
}
