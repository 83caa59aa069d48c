using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Runs;

/// <summary>A loss on preference pairs.</summary>
internal sealed class PairObjective(PreferenceLoss loss, RemedyPlan remedies, FileRows source, FileRows? heldOut) : AlignObjective
{
    private readonly TokenizePairs rows = new() { Source = source };
    private readonly TokenizePairs? heldOutRows = heldOut is null ? null : new() { Source = heldOut };

    public override TokenizeRows Rows => rows;

    public override string Shape { get; } = PairInputs.RequirePairs(source);

    public override TokenizeRows? HeldOut => heldOutRows;

    public override string? HeldOutShape { get; } = heldOut is null ? null : PairInputs.RequirePairs(heldOut);

    public override ResponseLabels? Check(Runner runner) => null;

    public override void Require(TrainedPart part)
    {
        if (part.Adapter is not null)
        {
            FixedReference.Require(remedies);
        }
    }

    public override PlannedRows Plan(ModelConfig reference)
    {
        RowPass pass = rows.Source.Open();
        TokenizedPair[] pairs = [.. pass.Pairs(rows.Selection)];
        int longest = pairs.Select(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length - 2).DefaultIfEmpty().Max();
        return new PlannedRows(
            pass.Account(pairs.Length), longest,
            (rehearsal, choice) => rehearsal.Preferences(choice, loss.CouplesBatch, remedies, reference, pairs));
    }

    public override RowSegment Segment(AlignRun run)
    {
        return new PreferenceSegment
        {
            Model = new NamedFolder(run.Model.Folder),
            Lora = run.Part.New,
            Loss = loss,
            Remedies = remedies.All.Any() ? remedies : null,
            Rows = rows,
            Reference = PairInputs.Scores(run.Reference, rows, run.Data, run.RowBudget),
            Recipe = run.Training.Recipe,
            Seed = run.Training.Seed,
            End = run.Total,
            TotalSteps = run.Total,
            RowBudget = run.RowBudget,
            Size = TrainingRun.Size(run.Model.Config, run.Training.Recipe, run.Data, responses: 2, run.Part.OfAdapter)
                .Under(remedies),
        };
    }

    public override HeldOutStep Evaluation(RowSegment checkpoint, double epoch, ModelInput reference, TokenizedData data, int rowBudget) =>
        new HeldOutScore
        {
            Policy = (PreferenceSegment)checkpoint,
            Rows = heldOutRows!,
            HeldOut = PairInputs.Scores(reference, heldOutRows!, data, rowBudget),
            Epoch = epoch,
        };
}
