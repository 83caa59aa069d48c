using System.Globalization;
using System.Text.Json.Nodes;

namespace Goodhart.Studies.Exports;

/// <summary>Writes a folder's runs to an MLflow server: one run for the study, and one nested in it for each run.</summary>
/// <remarks>
/// Called again it goes on: each run carries in its tags how far it has been written, and a batch of metrics and the tag that tells of it
/// travel in one request. So it may be called while the study runs.
/// </remarks>
public sealed class MlflowExport(MlflowServer server, string experiment)
{
    /// <summary>MLflow takes 1000 things in one request: with these travels the tag that tells of them.</summary>
    private const int MostMetrics = 999;

    private const string IdTag = "goodhart.id";
    private const string TrainingTag = "goodhart.training";
    private const string CheckpointsTag = "goodhart.checkpoints";

    /// <summary>Metrics that were written by this call.</summary>
    public int Written { get; private set; }

    /// <param name="folder">What is written; a run that is written already is passed over.</param>
    /// <returns>Id of the experiment.</returns>
    /// <exception cref="TrackingException">The server refuses, or cannot be reached.</exception>
    public async Task<string> WriteAsync(ExportedFolder folder, CancellationToken cancel)
    {
        string id = await ExperimentAsync(cancel).ConfigureAwait(false);
        if (folder.Runs.Count == 0)
        {
            return id;   // nothing is measured yet, and so nothing has a time
        }

        Tracked parent = await RunAsync(id, folder.Key, null, folder.Name, Start(folder.Runs), cancel).ConfigureAwait(false);
        foreach (ExportedRun run in folder.Runs)
        {
            await WriteAsync(id, folder.Key, parent, run, cancel).ConfigureAwait(false);
        }

        await EndAsync(parent, folder.Runs.All(run => run.IsDone), folder.Runs, cancel).ConfigureAwait(false);
        return id;
    }

    private async Task WriteAsync(string experimentId, string study, Tracked parent, ExportedRun run, CancellationToken cancel)
    {
        Tracked tracked = await RunAsync(experimentId, $"{study}/{run.Id}", parent, run.Id, Start([run]), cancel).ConfigureAwait(false);
        if (!tracked.HasSettings)
        {
            await server.AskAsync("runs/log-batch", new JsonObject
            {
                ["run_id"] = tracked.Id,
                ["params"] = Pairs(run.Settings.Select(setting => (setting.Key, setting.Value))),
            }, cancel).ConfigureAwait(false);
        }

        int trained = int.TryParse(tracked.Tag(TrainingTag), CultureInfo.InvariantCulture, out int last) ? last : 0;
        foreach (ExportedRow[] rows in Batches(run.Training.Where(row => row.Step > trained)))
        {
            await LogAsync(tracked, rows, (TrainingTag, Text(rows[^1].Step)), cancel).ConfigureAwait(false);
        }

        List<string> measured = [.. tracked.Tag(CheckpointsTag)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? []];
        foreach (ExportedRow row in run.Checkpoints.Where(row => !measured.Contains(Text(row.Step))).ToArray())
        {
            measured.Add(Text(row.Step));
            await LogAsync(tracked, [row], (CheckpointsTag, string.Join(',', measured)), cancel).ConfigureAwait(false);
        }

        await EndAsync(tracked, run.IsDone, [run], cancel).ConfigureAwait(false);
    }

    private async Task LogAsync(Tracked run, ExportedRow[] rows, (string, string) tag, CancellationToken cancel)
    {
        JsonArray metrics = [];
        foreach (ExportedRow row in rows)
        {
            foreach ((string name, double value) in row.Metrics)
            {
                metrics.Add(new JsonObject
                {
                    ["key"] = name,
                    ["value"] = value,
                    ["timestamp"] = row.Time.ToUnixTimeMilliseconds(),
                    ["step"] = row.Step,
                });
            }
        }

        Written += metrics.Count;
        await server.AskAsync(
            "runs/log-batch", new JsonObject { ["run_id"] = run.Id, ["metrics"] = metrics, ["tags"] = Pairs([tag]) }, cancel)
            .ConfigureAwait(false);
    }

    private async Task<string> ExperimentAsync(CancellationToken cancel)
    {
        JsonNode? id = await FindAsync().ConfigureAwait(false)
            ?? await server.AskAsync("experiments/create", new JsonObject { ["name"] = experiment }, cancel, FindAsync)
                .ConfigureAwait(false);
        return (string?)id?["experiment_id"] ?? throw new TrackingException($"The server gave the experiment '{experiment}' no id.");

        async Task<JsonNode?> FindAsync()
        {
            JsonNode? answer = await server.AskAsync(
                "experiments/get-by-name?experiment_name=" + Uri.EscapeDataString(experiment), null, cancel).ConfigureAwait(false);
            return answer?["experiment"];
        }
    }

    /// <summary>The run of an id: found, or made.</summary>
    private async Task<Tracked> RunAsync(
        string experimentId, string id, Tracked? parent, string name, DateTimeOffset start, CancellationToken cancel)
    {
        string own = id.Replace('\'', ' ');   // which ends a text in a filter, and has no escape there
        if (await FindAsync().ConfigureAwait(false) is { } known)
        {
            return Tracked.Of(known);
        }

        (string, string)[] tags =
            parent is null ? [(IdTag, own)] : [(IdTag, own), ("mlflow.parentRunId", parent.Id)];
        JsonNode? made = await server.AskAsync("runs/create", new JsonObject
        {
            ["experiment_id"] = experimentId,
            ["run_name"] = name,
            ["start_time"] = start.ToUnixTimeMilliseconds(),
            ["tags"] = Pairs(tags),
        }, cancel, FindAsync).ConfigureAwait(false);
        return Tracked.Of(made?["run"] ?? made ?? throw new TrackingException("The server made no run."));

        async Task<JsonNode?> FindAsync()
        {
            JsonNode? answer = await server.AskAsync("runs/search", new JsonObject
            {
                ["experiment_ids"] = new JsonArray(experimentId),
                ["filter"] = $"tags.`{IdTag}` = '{own}'",
                ["max_results"] = 1,
            }, cancel).ConfigureAwait(false);
            return answer?["runs"] is JsonArray { Count: > 0 } runs ? runs[0] : null;
        }
    }

    private async Task EndAsync(Tracked run, bool isDone, IReadOnlyList<ExportedRun> runs, CancellationToken cancel)
    {
        string status = isDone ? "FINISHED" : "RUNNING";
        if (run.Status != status)
        {
            JsonObject update = new() { ["run_id"] = run.Id, ["status"] = status };
            if (isDone)
            {
                update["end_time"] = Rows(runs).Select(row => row.Time).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max()
                    .ToUnixTimeMilliseconds();
            }

            await server.AskAsync("runs/update", update, cancel).ConfigureAwait(false);
        }
    }

    private static DateTimeOffset Start(IReadOnlyList<ExportedRun> runs) =>
        Rows(runs).Select(row => row.Time).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Min();

    private static IEnumerable<ExportedRow> Rows(IReadOnlyList<ExportedRun> runs) =>
        runs.SelectMany(run => run.Training.Concat(run.Checkpoints));

    /// <summary>Whole rows, so that a batch ends where a step does.</summary>
    private static IEnumerable<ExportedRow[]> Batches(IEnumerable<ExportedRow> rows)
    {
        List<ExportedRow> batch = [];
        int metrics = 0;
        foreach (ExportedRow row in rows)
        {
            if (metrics + row.Metrics.Count > MostMetrics && batch.Count > 0)
            {
                yield return [.. batch];
                batch.Clear();
                metrics = 0;
            }

            batch.Add(row);
            metrics += row.Metrics.Count;
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }

    private static JsonArray Pairs(IEnumerable<(string Key, string Value)> entries) =>
        [.. entries.Select(entry => new JsonObject { ["key"] = entry.Key, ["value"] = entry.Value })];

    private static string Text(int step) => step.ToString(CultureInfo.InvariantCulture);

    /// <summary>A run as the server has it.</summary>
    private sealed record Tracked(string Id, string? Status, IReadOnlyDictionary<string, string> Tags, bool HasSettings)
    {
        public static Tracked Of(JsonNode run) => new(
            (string?)run["info"]?["run_id"] ?? throw new TrackingException("The server gave a run no id."),
            (string?)run["info"]?["status"],
            (run["data"]?["tags"] as JsonArray ?? []).ToDictionary(tag => (string)tag!["key"]!, tag => (string?)tag!["value"] ?? ""),
            run["data"]?["params"] is JsonArray { Count: > 0 });

        public string? Tag(string name) => Tags.GetValueOrDefault(name);
    }
}
