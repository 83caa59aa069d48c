using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Publishing;

/// <summary>metrics.jsonl: a line per update and per evaluation, without times, so that equal runs have equal files.</summary>
internal static class MetricsFile
{
    public const string Name = "metrics.jsonl";

    public static string Text(IEnumerable<MetricRow> rows) => string.Concat(rows.Select(Line));

    public static string Line(MetricRow row)
    {
        JsonObject line = new() { ["step"] = row.Step, ["epoch"] = row.Epoch };
        foreach ((string name, double value) in row.Values)
        {
            // JSON has no NaN; a curve has a gap there.
            line[name] = double.IsFinite(value) ? value : null;
        }

        return line.ToJsonString(JsonSerializerOptions.Default) + "\n";
    }
}
