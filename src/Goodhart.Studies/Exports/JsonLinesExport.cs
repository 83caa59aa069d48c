using System.Text;
using System.Text.Json;
using Goodhart.Pipeline;

namespace Goodhart.Studies.Exports;

/// <summary>A folder per run with its settings and its history, in the form of Weights and Biases' own files: <c>config.json</c>, and a
/// line of <c>history.jsonl</c> for each step with <c>_step</c> and <c>_timestamp</c> beside the metrics.</summary>
public static class JsonLinesExport
{
    /// <summary>Files are replaced whole, so that calling it again while a study runs brings them up to date.</summary>
    /// <returns>Numbers written.</returns>
    public static int Write(ExportedFolder folder, string directory)
    {
        int written = 0;
        foreach (ExportedRun run in folder.Runs)
        {
            string own = Directory.CreateDirectory(Path.Combine(directory, NameOf(run))).FullName;
            AtomicFile.WriteAllText(Path.Combine(own, "config.json"), JsonSerializer.Serialize(
                new { run_name = run.Id, group = folder.Name, config = run.Settings }, Indented) + "\n");
            StringBuilder lines = new();
            IEnumerable<ExportedRow> rows = run.Training.Concat(run.Checkpoints);
            foreach (IGrouping<int, ExportedRow> step in rows.GroupBy(row => row.Step).OrderBy(step => step.Key))
            {
                Dictionary<string, double> line = new(StringComparer.Ordinal)
                {
                    ["_step"] = step.Key,
                    ["_timestamp"] = step.Max(row => row.Time).ToUnixTimeMilliseconds() / 1000.0,
                };
                foreach ((string name, double value) in step.SelectMany(row => row.Metrics))
                {
                    line.Add(name, value);
                    written++;
                }

                lines.Append(JsonSerializer.Serialize(line)).Append('\n');
            }

            AtomicFile.WriteAllText(Path.Combine(own, "history.jsonl"), lines.ToString());
        }

        return written;
    }

    private static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    private static string NameOf(ExportedRun run) =>
        string.Concat(run.Id.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '=' ? letter : '_'));
}
