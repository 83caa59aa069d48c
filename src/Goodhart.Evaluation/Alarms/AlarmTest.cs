using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Alarms;

/// <summary>How far an alarm that is learnt from a table can be trusted where it was not taught.</summary>
/// <param name="Runs">Of the table.</param>
/// <param name="Peaked">Runs that end below their peak beyond chance.</param>
/// <param name="Rising">Runs whose end is the highest.</param>
/// <param name="Undecided">Runs that are neither, left out.</param>
/// <param name="Checkpoints">Of decided runs.</param>
/// <param name="CheckpointsUndecided">Of these, after the peak and not below it beyond chance, left out.</param>
/// <param name="OnBothSides">Runs with checkpoints on both sides of their peak: they alone teach when a run goes wrong, the others which
/// one does.</param>
/// <param name="Inputs">The indicators that the alarm sees.</param>
/// <param name="LeftOut">By factor; those with one value are missing.</param>
public sealed record AlarmTest(
    int Runs, int Peaked, int Rising, int Undecided, int Checkpoints, int CheckpointsUndecided, int OnBothSides,
    IReadOnlyList<string> Inputs, IReadOnlyList<LeftOutTest> LeftOut)
{
    /// <param name="inputs">Names of indicators.</param>
    /// <exception cref="InvalidDataException">The table has not both kinds of checkpoints.</exception>
    public static AlarmTest Of(AlarmTable table, IReadOnlyList<string> inputs, AlarmTestOptions options)
    {
        AlarmRow[][] runs = [.. table.Rows.GroupBy(row => row.Run).Select(run => run.ToArray())];
        AlarmRow[] rows = [.. runs.Where(run => run[0].Outcome != RunOutcome.Undecided).SelectMany(run => run)];
        Require(rows);
        AlarmPredictor alarm = new("alarm", AlarmFeature.OfIndicators(inputs));
        return new AlarmTest(
            runs.Length,
            runs.Count(run => run[0].Outcome == RunOutcome.Peaked),
            runs.Count(run => run[0].Outcome == RunOutcome.Rising),
            runs.Count(run => run[0].Outcome == RunOutcome.Undecided),
            rows.Length,
            rows.Count(row => row.Past is null),
            runs.Count(run => run.Any(row => row.Past == true) && run.Any(row => row.Past == false)),
            inputs,
            [.. AlarmFactor.All.Select(factor => LeftOutTest.Of(factor, rows, alarm, options)).OfType<LeftOutTest>()]);
    }

    /// <summary>The test with the most false alarms, of equals the one that needs the lowest threshold: what a user has to reckon with who
    /// is in none of the table's worlds.</summary>
    public LeftOutTest? Worst => LeftOut
        .OrderByDescending(test => test.Alarm.FalseAlarms.Value).ThenBy(test => test.Alarm.Threshold).FirstOrDefault();

    /// <exception cref="InvalidDataException">Nothing can be learnt from the table.</exception>
    public static void Require(AlarmTable table) => Require([.. table.Rows.Where(row => row.Outcome != RunOutcome.Undecided)]);

    /// <inheritdoc cref="Require(AlarmTable)"/>
    internal static void Require(IReadOnlyList<AlarmRow> rows)
    {
        int past = rows.Count(row => row.Past == true);
        int not = rows.Count(row => row.Past == false);
        if (past == 0 || not == 0)
        {
            throw new InvalidDataException(
                $"the table has {past} checkpoints past their run's peak and {not} that are not: an alarm needs both to learn from. Add "
                + "studies with longer runs or smaller β.");
        }
    }
}

/// <param name="Detection">Share of the checkpoints past the peak that an alarm is to detect.</param>
public sealed record AlarmTestOptions(double Detection = 0.8, double Level = 0.95, int Replicates = 1000, ulong Seed = 0);

/// <summary>Resamples of whole runs: checkpoints of one run are alike.</summary>
internal sealed class RunDraws
{
    private readonly double[][] counts;

    /// <param name="rows">Whose curves are resampled, in their order.</param>
    public RunDraws(IReadOnlyList<AlarmRow> rows, AlarmTestOptions options)
    {
        Dictionary<object, int> runs = [];
        int[] run = [.. rows.Select(row => runs.TryGetValue(row.Run, out int known) ? known : runs[row.Run] = runs.Count)];
        double[] drawn = new double[runs.Count];
        ulong key = Philox.Key(options.Seed, "alarms/runs");
        counts = new double[options.Replicates][];
        for (int replicate = 0; replicate < counts.Length; replicate++)
        {
            Bootstrap.DrawCounts(new RandomStream(key, (uint)replicate), drawn);
            counts[replicate] = [.. run.Select(i => drawn[i])];
        }
    }

    /// <summary>The area on each resample; NaN where one kind of checkpoint is missing there.</summary>
    public double[] Areas(RocCurve curve) => [.. counts.Select(times => curve.Area(times) ?? double.NaN)];

    /// <summary>The false alarms at a detection, the threshold chosen on each resample anew.</summary>
    public double[] FalseAlarms(RocCurve curve, double detection) =>
        [.. counts.Select(times => curve.At(detection, times)?.FalseAlarms ?? double.NaN)];
}
