using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Steps.Runs;

/// <summary>KTO on single responses with labels; a pair is two of them.</summary>
internal sealed class KtoObjective(KtoLoss loss, FileRows source, FileRows? heldOut) : AlignObjective
{
    private readonly TokenizeResponses rows = new() { Source = source };
    private readonly TokenizeResponses? heldOutRows = heldOut is null ? null : new() { Source = heldOut };

    public override TokenizeRows Rows => rows;

    public override string Shape { get; } = ShapeOf(source);

    public override TokenizeRows? HeldOut => heldOutRows;

    public override string? HeldOutShape { get; } = heldOut is null ? null : ShapeOf(heldOut);

    public override ResponseLabels? Check(Runner runner)
    {
        if (heldOutRows is not null)
        {
            Labels(runner, heldOutRows);
        }

        return Labels(runner, rows);
    }

    public override PlannedRows Plan(ModelConfig reference)
    {
        RowPass pass = rows.Source.Open();
        LabelledResponse[] labelled = [.. pass.Labelled()];
        KtoRow[] all = ResponseScores.WithMismatched(labelled, rows.Source);
        return new PlannedRows(
            pass.Account(labelled.Length), all.Select(row => Math.Max(row.Tree.Rows, row.MismatchedTree.Rows)).DefaultIfEmpty().Max(),
            (rehearsal, choice) => rehearsal.Labelled(choice, loss, all));
    }

    public override RowSegment Segment(AlignRun run)
    {
        SegmentSize size = TrainingRun.Size(run.Model.Config, run.Training.Recipe, run.Data, responses: 1, run.Part.OfAdapter);
        return new KtoSegment
        {
            Model = new NamedFolder(run.Model.Folder),
            Lora = run.Part.New,
            Loss = loss,
            Rows = rows,
            Reference = Scores(run.Reference, rows, run.Data, run.RowBudget),
            Recipe = run.Training.Recipe,
            Seed = run.Training.Seed,
            End = run.Total,
            TotalSteps = run.Total,
            RowBudget = run.RowBudget,
            // forward, backward twice as much, and forward of the mismatched
            Size = size with { FlopsPerUpdate = size.FlopsPerUpdate * 4 / 3 },
        };
    }

    public override HeldOutStep Evaluation(RowSegment checkpoint, double epoch, ModelInput reference, TokenizedData data, int rowBudget) =>
        new HeldOutResponses
        {
            Policy = (KtoSegment)checkpoint,
            Rows = heldOutRows!,
            HeldOut = Scores(reference, heldOutRows!, data, rowBudget),
            Epoch = epoch,
        };

    /// <exception cref="InvalidDataException">No labels and no pairs.</exception>
    private static string ShapeOf(FileRows source)
    {
        Dataset data = source.OpenData();
        return data.RequireLabels() is PreferenceShape
            ? $"{data.Shape.Description}; a pair is two rows, chosen desirable, rejected not"
            : data.Shape.Description;
    }

    private static ResponseLabels Labels(Runner runner, TokenizeResponses rows)
    {
        LabelledResponse[] responses = TokenizeResponses.Read(Path.Combine(runner.DirectoryOf(rows), TokenFile.Name));
        return responses.Length == 0 || responses.Any(row => !row.Prompt.AsSpan().SequenceEqual(responses[0].Prompt))
            ? ResponseLabels.Of(responses)
            : throw new InvalidDataException(
                $"{rows.File.Data.Path}: expected responses to two or more different prompts, found one: kto estimates the KL with "
                    + "responses to other prompts.");
    }

    private static ResponseScores Scores(ModelInput reference, TokenizeResponses rows, TokenizedData data, int rowBudget) => new()
    {
        Reference = new NamedFolder(reference.Folder),
        Rows = rows,
        RowBudget = rowBudget,
        Cost = data.Rows * TrainingRun.CostPerRow(reference.Config.Shape, data, responses: 2),
    };
}
