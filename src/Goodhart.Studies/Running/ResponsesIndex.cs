using Goodhart.Pipeline;
using Goodhart.Report.Text;
using Goodhart.Studies.Stages.Measuring;

namespace Goodhart.Studies.Running;

/// <summary>responses.csv: a row per checkpoint, as in points.csv, with the file of its sampled responses.</summary>
internal static class ResponsesIndex
{
    private const string Name = "responses.csv";

    public static void Write(string directory, IReadOnlyList<DescribeCheckpoint> checkpoints, Func<Step, string> directoryOf)
    {
        AtomicFile.WriteAllText(
            Path.Combine(directory, Name),
            new CsvTable(["model", "loss", "beta", "seed", "fraction", "step", "responses"], [.. checkpoints.Select(Row)]).Write());

        object?[] Row(DescribeCheckpoint checkpoint) =>
        [
            checkpoint.ModelName, checkpoint.Loss, checkpoint.Beta, checkpoint.AlignmentSeed, checkpoint.Fraction, checkpoint.Update,
            Path.GetRelativePath(directory, Path.Combine(directoryOf(checkpoint.Measured), MeasureCheckpoint.ResponsesFile)).Replace('\\', '/'),
        ];
    }
}
