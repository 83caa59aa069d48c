using System.Globalization;
using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Text;

namespace Goodhart.Steps.Runs;

/// <summary>The course of a training stage: tokenize, cut into segments, train what is missing, publish.</summary>
public static class TrainingRun
{
    /// <summary>Number of updates; refuses data that does not make one, or not as many as there are checkpoints to keep.</summary>
    /// <exception cref="InvalidDataException">Fewer rows than a batch.</exception>
    /// <exception cref="ArgumentException">Two checkpoints at one update.</exception>
    public static int TotalSteps(TrainingSettings settings, TokenizedData data)
    {
        int total = TotalSteps(settings.DataPath, data, settings.Recipe, settings.Epochs, "--batch-size");
        settings.Checkpoints.Ends(total);
        return total;
    }

    /// <param name="batchSizeKey">What the batch size is called where the user set it.</param>
    public static int TotalSteps(string file, TokenizedData data, TrainingOptions recipe, int epochs, string batchSizeKey)
    {
        if (data.Rows == 0 && data.Read > 0)
        {
            throw new InvalidDataException(data.NoRows(file));
        }

        int perEpoch = data.Rows / recipe.BatchSize;
        return perEpoch > 0
            ? checked(perEpoch * epochs)
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file}: {Quantity.Of(data.Rows, "row")} to train on ({data.Read} in the file), fewer than {batchSizeKey} "
                    + $"{recipe.BatchSize}: lower it, or give more data."));
    }

    /// <summary>What training on these rows costs.</summary>
    /// <param name="responses">Per prompt.</param>
    /// <param name="trained">Numbers that are trained, where they are an adapter's and the weights are frozen; null: the weights.</param>
    /// <remarks>Without the weights' own gradients a backward pass is about as long as a forward one.</remarks>
    public static SegmentSize Size(ModelConfig model, TrainingOptions recipe, TokenizedData data, int responses, long? trained = null)
    {
        long bytes = sizeof(float) * (trained ?? model.Shape.Parameters);
        return new SegmentSize(
            recipe.BatchSize * (trained is null ? 3 : 2) * CostPerRow(model.Shape, data, responses), bytes,
                bytes * recipe.Optimizer.StateNames.Count);
    }

    /// <summary>Of a forward pass over a row; a prompt is taken to be as long as its responses together.</summary>
    public static double CostPerRow(ModelShape flops, TokenizedData data, int responses) =>
        flops.Forward(data.MeanTokens() / 2, data.MeanTokens() / 2 / responses, responses);

    /// <summary>Runs segments and evaluations, with the curves written as they come.</summary>
    /// <param name="others">Run with them; they leave no curve.</param>
    public static async Task<IReadOnlyList<MetricRow>> RunAsync(
        StageRun run, IReadOnlyList<TrainingSegment> segments, IReadOnlyList<Step<MetricRow>> evaluations, CancellationToken cancel,
        params Step[] others)
    {
        run.Metrics.Start(Rows(run.Runner, segments, evaluations, storedOnly: true));
        await run.Runner.RunAsync([.. segments, .. evaluations, .. others], cancel).ConfigureAwait(false);
        IReadOnlyList<MetricRow> rows = Rows(run.Runner, segments, evaluations, storedOnly: false);
        run.Metrics.Finish(rows);
        return rows;
    }

    /// <param name="kept">Updates after which the run's model was what DIR/model is to be; null: at the end.</param>
    /// <returns>The checkpoints' folders, relative to the run's.</returns>
    public static IReadOnlyList<string> Publish(StageRun run, IReadOnlyList<TrainingSegment> segments, int? kept = null)
    {
        IReadOnlyList<string> checkpoints = RunFolder.PublishCheckpoints(
            run.Directory, [.. segments.Where(segment => segment.KeepsWeights).Select(segment => (segment.End, ModelOf(segment)))]);
        RunFolder.PublishModel(run.Directory, ModelOf(segments.Single(segment => segment.End == (kept ?? segments[^1].End))));
        return checkpoints;

        string ModelOf(TrainingSegment segment) => Path.Combine(run.Runner.DirectoryOf(segment), ModelFiles.Model);
    }

    /// <summary>By update; what an evaluation says of an update comes after it.</summary>
    private static MetricRow[] Rows(
        Runner runner, IReadOnlyList<TrainingSegment> segments, IReadOnlyList<Step<MetricRow>> evaluations, bool storedOnly)
    {
        IEnumerable<MetricRow> updates = segments.Where(IsWanted).SelectMany(segment => runner.Read(segment).Log);
        return [.. updates.Concat(evaluations.Where(IsWanted).Select(runner.Read)).OrderBy(row => row.Step)];   // stable

        bool IsWanted(Step step) => !storedOnly || runner.RecordOf(step) is not null;
    }
}
