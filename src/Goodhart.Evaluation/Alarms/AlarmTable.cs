using System.Globalization;
using CsvHelper;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Alarms;

/// <summary>Checkpoints whose runs' win-rate curves are known, with their indicators: what alarms are learnt from and tested on.</summary>
public sealed record AlarmTable(IReadOnlyList<AlarmRow> Rows)
{
    private const string ShippedName = "alarms/worlds.csv";

    private static readonly string[] Columns =
        ["world", "labeller", "noise", "model", "loss", "beta", "seed", "fraction", "step", "kl", "winRate", "outcome", "past"];

    /// <summary>Of small worlds: docs/data/alarms/worlds.csv, whose birth certificate lies beside it.</summary>
    public static AlarmTable Shipped()
    {
        using StreamReader reader = new(typeof(AlarmTable).Assembly.GetManifestResourceStream(ShippedName)!);
        return Read(ShippedName, reader);
    }

    /// <exception cref="InvalidDataException">Not such a table; the message names file, line and column.</exception>
    public static AlarmTable Read(string path)
    {
        using StreamReader reader = new(path);
        return Read(Path.GetFileName(path), reader);
    }

    /// <param name="name">The file's name in messages.</param>
    public static AlarmTable Read(string name, TextReader reader)
    {
        CsvFile table = CsvFile.Read(name, reader);
        int[] columns = [.. Columns.Select(column => table.Require(column))];
        int[] values = [.. Indicators.All.Select(indicator => table.Find(indicator.Name))];
        return new AlarmTable([.. table.Rows.Select(row => ReadRow(table, row, columns, values))]);
    }

    public void Write(TextWriter writer)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord([.. Columns, .. Indicators.All.Select(indicator => indicator.Name)]);
        foreach (AlarmRow row in Rows)
        {
            csv.WriteRecord(
            [
                row.World, row.Labeller, Text(row.Noise), row.Model, row.Loss, Text(row.Beta),
                row.Seed.ToString(CultureInfo.InvariantCulture), Text(row.Fraction), row.Step.ToString(CultureInfo.InvariantCulture),
                Text(row.Kl), Text(row.WinRate), row.Outcome.ToString().ToLowerInvariant(),
                row.Past switch { true => "1", false => "0", _ => "" },
                .. row.Values.Select(Text),
            ]);
        }
    }

    /// <summary>Of a study's checkpoints; best-of-n and PPO, which have no pairs of their own, are left out.</summary>
    /// <param name="checkpoints">On the same prompts, the SFT models among them; those that nothing has judged are left out.</param>
    /// <param name="world">Seed of the world, or the data's name.</param>
    /// <param name="labeller">Who labelled the pairs, in words.</param>
    /// <param name="noise">Share of the labels turned round.</param>
    public static AlarmTable Of(IReadOnlyList<EvaluatedCheckpoint> checkpoints, string world, string labeller, double noise)
    {
        EvaluatedCheckpoint[] judged = [.. EvaluatedCheckpoint.Judged(checkpoints).Where(c => !RlhfMethods.Contains(c.Point.Loss))];
        return new AlarmTable(
        [
            .. Runs.Of(judged.Where(c => !c.IsSft)).SelectMany(run =>
            {
                EvaluatedCheckpoint? start = judged.FirstOrDefault(c => c.IsSft && c.Point.Model == run[0].Point.Model
                    && c.Point.Seed == run[0].Point.Seed);
                return start is null ? [] : Of(start, run, judged, world, labeller, noise);
            }),
        ]);
    }

    private static IEnumerable<AlarmRow> Of(
        EvaluatedCheckpoint start, EvaluatedCheckpoint[] run, EvaluatedCheckpoint[] all, string world, string labeller, double noise)
    {
        RunTruth truth = PeakRule.Of(RunMeasurement.OfKnown(start), [.. run.Select(RunMeasurement.OfKnown)]);
        IReadOnlyList<CheckpointTrail> trails = CheckpointTrail.Of(start.Point, run, all);
        return run.Select((checkpoint, i) =>
        {
            CheckpointPoint point = checkpoint.Point;
            return new AlarmRow(
                world, labeller, noise, point.Model, point.Loss, point.Beta, point.Seed, point.Fraction, point.Step, point.Kl,
                checkpoint.WinRate, truth.Outcome, truth.Past[i], Indicators.Read(trails[i]));
        });
    }

    private static AlarmRow ReadRow(CsvFile table, CsvLine row, int[] columns, int[] values)
    {
        string Field(string column) => row.Fields[columns[Array.IndexOf(Columns, column)]];
        double Number(string column) => table.Number(row, columns[Array.IndexOf(Columns, column)]);
        RunOutcome outcome = Enum.TryParse(Field("outcome"), ignoreCase: true, out RunOutcome read)
            ? read
            : throw table.Error(row, columns[11], $"expected peaked, rising or undecided, found '{Field("outcome")}'");
        bool? past = Field("past") switch
        {
            "1" => true,
            "0" => false,
            "" => null,
            string found => throw table.Error(row, columns[12], $"expected 1, 0 or nothing, found '{found}'"),
        };
        return new AlarmRow(
            Field("world"), Field("labeller"), Number("noise"), Field("model"), Field("loss"),
            Field("beta").Length == 0 ? null : Number("beta"), (int)Number("seed"), Number("fraction"), (int)Number("step"), Number("kl"),
            Number("winRate"), outcome, past,
            [.. values.Select(column => column < 0 || row.Fields[column].Length == 0 ? (double?)null : table.Number(row, column))]);
    }

    // Six digits are more than the sampling error leaves, and keep the table small.
    private static string Text(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "";
}
