using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Measuring;

/// <summary>The probability that a checkpoint is past its run's peak, without a judge: a line of metrics.jsonl.</summary>
public sealed record AlarmCheckpoint : Step<MetricRow>
{
    /// <summary>The SFT model, which every indicator is read against.</summary>
    public required MeasureCheckpoint Start { get; init; }

    /// <summary>The checkpoint before; <see cref="Start"/> for the first.</summary>
    public required MeasureCheckpoint Before { get; init; }

    public required MeasureCheckpoint Now { get; init; }

    /// <summary>Updates done at <see cref="Before"/>.</summary>
    public required int UpdateBefore { get; init; }

    /// <summary>Updates done at <see cref="Now"/>.</summary>
    public required int Update { get; init; }

    /// <summary>What is asked.</summary>
    public required AlarmModel Model { get; init; }

    /// <summary>Passes over the training data done at the checkpoint.</summary>
    [NotInKey]
    public required double Epoch { get; init; }

    public override string Label => $"alarm, {Now.CheckpointName}";

    protected override bool DependsOnNumerics => false;

    /// <summary>The checkpoint and what came before it, of their stored measurements.</summary>
    /// <param name="measures">Of a measurement.</param>
    /// <param name="responses">The file with a measurement's samples.</param>
    internal CheckpointTrail Trail(Func<MeasureCheckpoint, CheckpointMeasures> measures, Func<MeasureCheckpoint, string> responses) => new(
        Point(Start, 0, measures, responses), Point(Before, UpdateBefore, measures, responses),
        Point(Now, Update, measures, responses));

    protected override Task<MetricRow> RunAsync(StepContext context, CancellationToken cancel)
    {
        double?[] values = Indicators.Read(
            Trail(context.Get, measured => context.FileOf(measured, MeasureCheckpoint.ResponsesFile)));
        Dictionary<string, double> metrics = new()
        {
            ["alarm/probability"] = Model.Probability([.. Model.Inputs.Select(input => values[Indicators.PlaceOf(input.Name)])]),
        };

        // All that are measured, those that the model does not know too: curves to look at, and a table of one's own to learn from.
        foreach ((Indicator indicator, double? value) in Indicators.All.Zip(values))
        {
            if (value is { } known)
            {
                metrics[$"alarm/{indicator.Name}"] = known;
            }
        }

        MetricRow row = new(Update, Epoch, metrics);
        context.Service<IMetricsSink>().Write(row);
        context.Report(new ProgressReport(1, "done", metrics.Take(1).ToDictionary()));
        return Task.FromResult(row);
    }

    private static CheckpointPoint Point(
        MeasureCheckpoint step, int update, Func<MeasureCheckpoint, CheckpointMeasures> measures, Func<MeasureCheckpoint, string> responses)
    {
        ResponseRecord[] samples = ResponseRecord.Read(responses(step));
        return measures(step).AddTo(LengthMeasures.AddTo(
            new CheckpointPoint { Loss = "", Model = "", Kl = 0, Step = update },
            [.. samples.Select(sample => (double)sample.Tokens.Length)],
            [.. samples.Select(sample => sample.LogProb - sample.ReferenceLogProb)]));
    }
}
