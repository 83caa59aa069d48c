using System.Globalization;

namespace Goodhart.Evaluation.Alarms;

/// <summary>An alarm that can be asked about checkpoints, with what its test says of its errors.</summary>
/// <param name="Test">Of the same indicators on the table: what the probabilities are worth.</param>
/// <param name="Model">Fitted to the whole table.</param>
/// <param name="Missing">Indicators that were not measured, or that the table has nowhere: the alarm does not see them.</param>
/// <param name="Threshold">The alarm is raised from here on: detects the asked share where the test has the most false alarms.</param>
public sealed record TrainedAlarm(AlarmTest Test, AlarmModel Model, IReadOnlyList<string> Missing, double Threshold)
{
    /// <param name="isMeasured">Whether a place of <see cref="Indicators.All"/> is known of what the alarm will be asked about.</param>
    /// <exception cref="InvalidDataException">The table has not both kinds of checkpoints.</exception>
    public static TrainedAlarm Of(AlarmTable table, Func<int, bool> isMeasured, AlarmTestOptions options)
    {
        string[] inputs =
        [
            .. Indicators.All.Where((_, i) => isMeasured(i) && table.Rows.Any(row => row.Values[i] is not null))
                .Select(indicator => indicator.Name),
        ];
        AlarmTest test = AlarmTest.Of(table, inputs, options);
        AlarmRow[] decided = [.. table.Rows.Where(row => row.Past is not null)];
        AlarmTest.Require(decided);
        return new TrainedAlarm(
            test, AlarmModel.Fit(decided, AlarmFeature.OfIndicators(inputs)),
            [.. Indicators.All.Select(indicator => indicator.Name).Except(inputs)], test.Worst?.Alarm.Threshold ?? 0.5);
    }

    /// <summary>Ready for checkpoints of which as much is measured as of this one.</summary>
    /// <param name="first">A run's first checkpoint.</param>
    /// <inheritdoc cref="Of(AlarmTable, Func{int, bool}, AlarmTestOptions)"/>
    public static TrainedAlarm Of(AlarmTable table, CheckpointTrail first, AlarmTestOptions options)
    {
        double?[] values = Indicators.Read(first);
        return Of(table, i => values[i] is not null, options);
    }

    /// <summary>How often it is wrong, by its worst test: a sentence.</summary>
    public string Worth() => Test.Worst is not { } worst ? "Nothing could be left out of the table, so this alarm is untested."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"With a {worst.Factor} left out of the {Test.Runs} runs it is learnt from, an alarm from {100 * Threshold:0} % on is ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"false at {100 * worst.Alarm.FalseAlarms.Value:0} % ({100 * worst.Alarm.FalseAlarms.Interval.Low:0} to ")
        + string.Create(
            CultureInfo.InvariantCulture, $"{100 * worst.Alarm.FalseAlarms.Interval.High:0}) of the checkpoints before the peak.");
}
