using Goodhart.Pipeline;
using Goodhart.Report.Text;
using Goodhart.Steps.Measuring;

namespace Goodhart.Studies.Running;

/// <summary>
/// responses.csv: a row per checkpoint, as in points.csv, and per pool of best-of-n, with the file of the sampled responses.
/// </summary>
internal static class ResponsesIndex
{
    private const string Name = "responses.csv";

    public static void Write(string directory, IReadOnlyList<SampledRow> rows, Func<Step, string> directoryOf)
    {
        AtomicFile.WriteAllText(
            Path.Combine(directory, Name),
            new CsvTable(["model", "loss", "beta", "seed", "fraction", "step", "responses"], [.. rows.Select(Row)]).Write());

        object?[] Row(SampledRow row) =>
        [
            row.Model, row.Loss, row.Beta, row.Seed, row.Fraction, row.Update,
            Path.GetRelativePath(directory, Path.Combine(directoryOf(row.Measured), MeasureCheckpoint.ResponsesFile)).Replace('\\', '/'),
        ];
    }
}
