using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Testing.Judging;

namespace Goodhart.Studies.Tests.Exports;

/// <summary>Answers as an MLflow tracking server does, refuses what that refuses, and keeps what it is told.</summary>
internal sealed class MlflowStandIn : IAsyncDisposable
{
    private const string Base = "/v1/api/2.0/mlflow/";
    private readonly JudgeServer server;
    private readonly Lock gate = new();
    private readonly HashSet<string> lost = [];
    private int calls;

    /// <param name="failsAt">Number of a request that is answered with 503 once; 0: none.</param>
    /// <param name="losesAnswersOf">A verb that is done the first time of each run, and answered with 502.</param>
    /// <param name="diesAt">From this request on everything is answered with 500; 0: never.</param>
    public MlflowStandIn(int failsAt = 0, int diesAt = 0, string? losesAnswersOf = null)
    {
        server = new JudgeServer(call =>
        {
            lock (gate)
            {
                calls++;
                if (call.Path == Base + losesAnswersOf && lost.Add(call.Body))
                {
                    Answer(call.Path, call.Body);
                    return new JudgeAnswer("bad gateway", Status: 502);
                }

                return calls == failsAt ? new JudgeAnswer("busy", Status: 503)
                    : diesAt > 0 && calls >= diesAt && !IsMended ? new JudgeAnswer("broken", Status: 500)
                    : Answer(call.Path, call.Body);
            }
        });
    }

    public bool IsMended { get; set; }

    /// <summary>Authorization headers that were sent.</summary>
    public IEnumerable<string?> Authorizations => server.Calls.Select(call => call.Authorization);

    public Uri Address => server.BaseUrl;

    public string? Experiment { get; private set; }

    public List<TrackedRun> Runs { get; } = [];

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private JudgeAnswer Answer(string path, string body)
    {
        string verb = path[Base.Length..].Split('?')[0];
        JsonNode? asked = body.Length > 0 ? JsonNode.Parse(body) : null;
        return verb switch
        {
            "experiments/get-by-name" when Experiment is null => Refusal(404, "RESOURCE_DOES_NOT_EXIST"),
            "experiments/get-by-name" => Said(new JsonObject { ["experiment"] = new JsonObject { ["experiment_id"] = "7" } }),
            "experiments/create" => Create((string)asked!["name"]!),
            "runs/search" => Search((string)asked!["filter"]!),
            "runs/create" => CreateRun(asked!),
            "runs/log-batch" => Log(asked!),
            "runs/update" => Update(asked!),
            _ => Refusal(404, "ENDPOINT_NOT_FOUND"),
        };
    }

    private JudgeAnswer Create(string name)
    {
        if (Experiment is not null)
        {
            return Refusal(400, "RESOURCE_ALREADY_EXISTS");
        }

        Experiment = name;
        return Said(new JsonObject { ["experiment_id"] = "7" });
    }

    private JudgeAnswer Search(string filter)
    {
        string id = filter[(filter.IndexOf('\'', StringComparison.Ordinal) + 1)..^1];
        TrackedRun? run = Runs.Find(run => run.Tags["goodhart.id"] == id);
        return Said(run is null ? [] : new JsonObject { ["runs"] = new JsonArray(run.ToJson()) });
    }

    private JudgeAnswer CreateRun(JsonNode asked)
    {
        // It takes a second run of the same tags, as MLflow does.
        if ((string?)asked["experiment_id"] != "7")
        {
            return Refusal(400, "INVALID_PARAMETER_VALUE");
        }

        TrackedRun run = new(Runs.Count.ToString(CultureInfo.InvariantCulture), (string)asked["run_name"]!);
        Take(run.Tags, asked["tags"]);
        Runs.Add(run);
        return Said(new JsonObject { ["run"] = run.ToJson() });
    }

    private JudgeAnswer Log(JsonNode asked)
    {
        TrackedRun run = Runs.Single(run => run.Id == (string?)asked["run_id"]);
        JsonArray metrics = asked["metrics"] as JsonArray ?? [];
        if (metrics.Count + ((asked["tags"] as JsonArray)?.Count ?? 0) + ((asked["params"] as JsonArray)?.Count ?? 0) > 1000)
        {
            return Refusal(400, "INVALID_PARAMETER_VALUE");
        }

        foreach (JsonNode? metric in metrics)
        {
            run.Metrics.Add(((string)metric!["key"]!, (int)metric["step"]!, (double)metric["value"]!));
            run.Times.Add((long)metric["timestamp"]!);
        }

        Take(run.Tags, asked["tags"]);
        Take(run.Params, asked["params"]);
        return Said([]);
    }

    private JudgeAnswer Update(JsonNode asked)
    {
        Runs.Single(run => run.Id == (string?)asked["run_id"]).Status = (string)asked["status"]!;
        return Said([]);
    }

    private static void Take(ConcurrentDictionary<string, string> kept, JsonNode? entries)
    {
        foreach (JsonNode? entry in entries as JsonArray ?? [])
        {
            kept[(string)entry!["key"]!] = (string)entry["value"]!;
        }
    }

    private static JudgeAnswer Said(JsonObject answer) => new(answer.ToJsonString());

    private static JudgeAnswer Refusal(int status, string code) =>
        new(JsonSerializer.Serialize(new { error_code = code, message = code }), status);
}

/// <summary>A run that the stand-in was told of.</summary>
internal sealed record TrackedRun(string Id, string Name)
{
    public string Status { get; set; } = "RUNNING";

    public ConcurrentDictionary<string, string> Tags { get; } = new();

    public ConcurrentDictionary<string, string> Params { get; } = new();

    public List<(string Key, int Step, double Value)> Metrics { get; } = [];

    /// <summary>Milliseconds, of the metrics.</summary>
    public List<long> Times { get; } = [];

    public JsonObject ToJson() => new()
    {
        ["info"] = new JsonObject { ["run_id"] = Id, ["status"] = Status },
        ["data"] = new JsonObject
        {
            ["tags"] = Entries(Tags),
            ["params"] = Entries(Params),
        },
    };

    private static JsonArray Entries(IEnumerable<KeyValuePair<string, string>> kept) =>
        [.. kept.Select(entry => new JsonObject { ["key"] = entry.Key, ["value"] = entry.Value })];
}
