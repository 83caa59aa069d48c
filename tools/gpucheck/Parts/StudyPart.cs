using System.Globalization;
using Goodhart.GpuCheck.Processes;

namespace Goodhart.GpuCheck.Parts;

/// <summary>A short study from end to end: twice on the device, once on our own engine, and how far the numbers lie apart.</summary>
internal sealed class StudyPart : CheckPart
{
    /// <summary>
    /// Columns of points.csv with the most that two devices may differ by. The few sampled responses of so small a study are other ones as
    /// soon as one token is: what is measured on given texts is held tighter.
    /// </summary>
    private static readonly (string Column, double Most)[] Columns =
        [("lossValue", 0.001), ("accuracy", 0.05), ("kl", 0.05), ("winRate", 0.15)];

    public override string Name => "study";

    public override double Share => 0.4;

    public override async Task<PartResult> Run(CheckSetting setting, TimeSpan most)
    {
        List<string> facts = [];
        List<string> failures = [];
        DateTime end = DateTime.UtcNow + most;
        string? own = await Points("cpu", ["--device", "cpu"]);
        string? first = await Points("first", setting.DeviceOptions);
        string? second = await Points("second", setting.DeviceOptions);
        if (first is not null && second is not null)
        {
            bool same = File.ReadAllText(first) == File.ReadAllText(second);
            facts.Add(same ? "the same study again: the same bits" : "the same study again: other bits");
        }

        if (own is not null && first is not null)
        {
            Compare(PointTable.Read(own), PointTable.Read(first), facts, failures);
        }

        return new PartResult(failures.Count == 0, facts, failures);

        async Task<string?> Points(string name, IReadOnlyList<string> device)
        {
            string folder = Path.Combine(setting.Folder, "study-" + name);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);   // else what an earlier call stored would be taken for this one's
            }

            DateTime begun = DateTime.UtcNow;
            ChildEnd run = await Child.Run(
                [.. Child.Self, "goodhart", "study", "--preset", "smoke", "--out", folder, "--quiet", .. device],
                end - begun);
            string points = Path.Combine(folder, "points.csv");
            if (run.Code != 0 || !File.Exists(points))
            {
                failures.Add($"study --preset smoke {string.Join(' ', device)} {run.Reason}: {run.LastWords}");
                return null;
            }

            facts.Add(string.Create(
                CultureInfo.InvariantCulture, $"{name}: {(DateTime.UtcNow - begun).TotalSeconds:0.0} s ({string.Join(' ', device)})"));
            return points;
        }
    }

    private static void Compare(PointTable own, PointTable other, List<string> facts, List<string> failures)
    {
        if (own.Rows != other.Rows)
        {
            failures.Add($"points.csv: expected {own.Rows} rows as on the cpu, found {other.Rows}");
            return;
        }

        foreach ((string column, double most) in Columns)
        {
            (double largest, int row) = own.Distance(other, column);
            facts.Add(string.Create(CultureInfo.InvariantCulture, $"{column}: at most {largest:G3} from the cpu's"));
            if (largest > most)
            {
                failures.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"points.csv, row {row + 1}, {column}: expected {own[column, row]:R} within {most}, found {other[column, row]:R}"));
            }
        }
    }
}
