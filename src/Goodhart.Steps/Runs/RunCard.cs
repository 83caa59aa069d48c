using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Hub.Cache;
using Goodhart.Hub.Cards;
using Goodhart.Hub.Names;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Runs;

/// <summary>The model card of a run: what run.json and the metrics say, for people and for the hub.</summary>
internal static class RunCard
{
    private const string Adapter = "adapter_config.json";

    /// <summary>Of run.json, what is said elsewhere on the card or concerns this machine alone.</summary>
    private static readonly string[] NotTraining =
        [
            "stage", "version", "device", "model", "reference", "rewards", "gold", "rewardLevels", "goldLevels", "data", "prompts",
            "heldOut", "labels", "checkpoints", "stop", "alarm", "loss", "remedies", "training",
        ];

    /// <summary>Writes README.md beside the run's model, unless the user has put one of their own there.</summary>
    /// <param name="result">Of the finished run, whose run.json is written.</param>
    public static void Write(TrainingResult result, StageEnvironment environment) => Of(result, environment).Write(result.Model);

    private static ModelCard Of(TrainingResult result, StageEnvironment environment)
    {
        JsonNode record = RunFolder.Record(result.Directory)!;
        string stage = (string)record["stage"]!;
        CardSource start = Source(record["model"]!);
        JsonNode rows = record["data"] ?? record["prompts"]!;
        string method = (string?)record["loss"]?["name"] ?? stage;
        bool isAdapter = File.Exists(Path.Combine(result.Model, Adapter));
        string? dataset = HubSnapshot.Holding((string)rows["path"]!) is { Name: { Kind: RepoKind.Dataset } name } ? name.Id : null;
        return new ModelCard(
            $"{start.Place}, {(stage == "reward" ? "reward model" : method)}",
            $"{Summary(stage, method, start, record)} Made with Goodhart {environment.Version}.")
        {
            BaseModels = start.HubIds,
            Relation = isAdapter ? "adapter" : "finetune",
            License = start.License,
            Library = isAdapter ? "peft" : "transformers",
            Task = stage == "reward" ? "text-classification" : "text-generation",
            Tags = stage == "reward" ? ["goodhart", "reward-model", "bradley-terry"] : Tags(stage, method, isAdapter),
            Datasets = dataset is null ? [] : [dataset],
            Sections =
            [
                new CardSection(
                    "Data",
                    [
                        .. Rows(rows),
                        .. record["heldOut"] is JsonObject held ? (IEnumerable<(string, string)>)[("held out", Named(held))] : [],
                    ]),
                new CardSection("Training", [.. Loss(record), .. Models(record), .. Flat(record["training"]), .. Others(record)]),
                new CardSection(
                    "Measured",
                    [.. Metrics(result)],
                    "Names are those of Goodhart's docs/metrics.md; log-probs and KL are in nats. The last update's are of its batch."),
            ],
            Command = environment.Command,
        };
    }

    private static string[] Tags(string stage, string method, bool isAdapter) =>
        [.. ((string[])["goodhart", stage, method, .. isAdapter ? (string[])["lora"] : []]).Distinct()];

    private static string Summary(string stage, string method, CardSource start, JsonNode record) => stage switch
    {
        "sft" => $"A language model fine-tuned from {start.Place} on examples.",
        "reward" => $"A reward model, one score a text, from the trunk of {start.Place}: Bradley-Terry on preference pairs.",
        "align" => $"A policy aligned from {start.Place} on preferences with the loss {method}"
            + $"{(record["loss"]?["beta"] is { } beta ? $" at β = {Text(beta)}" : "")}, measured against the reference "
            + $"{Source(record["reference"]!).Place}.",
        _ => $"A policy optimized from {start.Place} against reward models: {method}.",
    };

    private static IEnumerable<(string Name, string Value)> Rows(JsonNode rows)
    {
        yield return ("file", Named(rows));
        yield return ("shape", (string)rows["shape"]!);
        yield return ("rows", $"{Text(rows["rows"]!)} used of {Text(rows["read"]!)}");
        if (rows["chatTemplate"] is JsonObject chat)
        {
            yield return ("chat template", $"SHA-256 {Text(chat["sha256"]!)}");
        }
    }

    private static IEnumerable<(string Name, string Value)> Loss(JsonNode record)
    {
        if (record["loss"] is JsonObject loss)
        {
            yield return ("loss", $"{loss["name"]}: `{loss["formula"]}`");
            yield return ("β", Text(loss["beta"]!));
            foreach ((string name, JsonNode? value) in loss["parameters"] as JsonObject ?? [])
            {
                yield return (name, Text(value!));
            }
        }

        foreach (JsonNode? remedy in record["remedies"] as JsonArray ?? [])
        {
            yield return ("remedy", $"{remedy!["name"]} {Text(remedy["parameters"]!)}");
        }
    }

    private static IEnumerable<(string Name, string Value)> Models(JsonNode record)
    {
        yield return ("start", Model(record["model"]!));
        if (record["reference"] is { } reference)
        {
            yield return ("reference", Model(reference));
        }

        foreach ((string role, string key) in ((string, string)[])[("reward", "rewards"), ("gold", "gold")])
        {
            foreach (JsonNode? model in record[key] as JsonArray ?? [])
            {
                yield return (role, Model(model!));
            }
        }
    }

    private static IEnumerable<(string Name, string Value)> Others(JsonNode record) =>
        record.AsObject().Where(entry => entry.Value is not null && !NotTraining.Contains(entry.Key))
            .Select(entry => (entry.Key, Text(entry.Value!)));

    private static IEnumerable<(string Name, string Value)> Flat(JsonNode? settings) =>
        settings is JsonObject known ? known.Where(entry => entry.Value is not null).Select(entry => (entry.Key, Text(entry.Value!))) : [];

    private static IEnumerable<(string Name, string Value)> Metrics(TrainingResult result)
    {
        IEnumerable<(string, string)> Of(MetricRow row) => row.Values.Where(entry => double.IsFinite(entry.Value))
            .Select(entry => (entry.Key, entry.Value.ToString("G4", CultureInfo.InvariantCulture)));
        return
        [
            ("updates", result.Updates.ToString(CultureInfo.InvariantCulture)), .. Of(result.Last),
            .. result.LastHeldOut is { } held ? Of(held) : [],
            .. result.Stop is { } stop
                ? (
                    IEnumerable<(string, string)>)[(
                        "best checkpoint",
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{stop.Best.Checkpoint}: win rate {stop.Best.WinRate:0.000}, KL {stop.Best.Kl:G4} nats"))]
                : [],
        ];
    }

    private static CardSource Source(JsonNode model) => CardSource.Of((string)model["path"]!);

    private static string Model(JsonNode model) => $"{Source(model).Place}, SHA-256 of the folder {Text(model["sha256"]!)}";

    private static string Named(JsonNode file) => $"{CardSource.Short((string)file["path"]!)}, SHA-256 {Text(file["sha256"]!)}";

    /// <summary>A text without its quotes, anything else as JSON.</summary>
    private static string Text(JsonNode value) =>
        value.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString(JsonSerializerOptions.Default);
}
