using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Training;
using Goodhart.Studies.Results;
using Goodhart.Studies.Running;

namespace Goodhart.Studies.Exports;

/// <summary>Reads the runs of a study's folder from its stored steps; takes no lock, so that the study may be running.</summary>
public sealed class StudyExport
{
    /// <summary>What a point is about, and not what was measured.</summary>
    private static readonly HashSet<string> Names =
        ["loss", "beta", "model", "parameters", "nonEmbedding", "seed", "fraction", "step", "bestOf"];

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly StoredSteps stored;
    private readonly string directory;
    private readonly Dictionary<string, string> folders;
    private int notFinite;

    private StudyExport(string directory)
    {
        this.directory = Path.GetFullPath(directory);
        stored = new StoredSteps(directory);
        folders = stored.Folders().ToDictionary(folder => folder[^16..], StringComparer.Ordinal);
    }

    /// <exception cref="FileNotFoundException">It is no study's folder.</exception>
    public static ExportedFolder Read(string directory)
    {
        string file = Path.Combine(directory, StudyRun.StudyFileName);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"no {StudyRun.StudyFileName} in {directory}: expected the folder of a study.");
        }

        StudyExport export = new(directory);
        IReadOnlyList<ExportedRun> runs = export.Runs();
        byte[] study = File.ReadAllBytes(file);
        string name = NameIn(study, file);
        string key = Convert.ToHexStringLower(SHA256.HashData(study))[..8];
        return new ExportedFolder(name, $"{name}-{key}", runs, export.notFinite);
    }

    private static string NameIn(byte[] study, string file)
    {
        try
        {
            return (string?)(JsonNode.Parse(study) as JsonObject)?["name"]
                ?? throw new InvalidDataException($"{file}: no study, it has no name.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{file}: no study: {fault.Message}", fault);
        }
    }

    /// <summary>Keys of the steps that the study has as it was planned last: it may have been changed, and earlier steps lie there still.
    /// Null: an earlier version's folder, which does not tell.</summary>
    private HashSet<string>? Planned()
    {
        string whole = StepName.FromType(typeof(AnalyseStudy));
        HashSet<string>? graph = null;
        foreach (IReadOnlyList<PlannedEntry> plan in EventLog.Read(Path.Combine(directory, EventLog.FileName))
            .Select(entry => entry.Plan).OfType<IReadOnlyList<PlannedEntry>>())
        {
            graph = plan.Any(entry => entry.Step == whole) ? [] : graph;
            graph?.UnionWith(plan.Select(entry => entry.Key));
        }

        return graph;
    }

    private IReadOnlyList<ExportedRun> Runs()
    {
        HashSet<string>? planned = Planned();
        (string Folder, CheckpointPoint Point)[] points =
        [
            .. folders.Values.Where(folder => IsDescription(folder) && planned?.Contains(folder[^16..]) != false)
                .Select(folder => (folder, stored.Result<CheckpointEvaluation>(folder)?.Point))
                .Where(found => found.Point is not null).Select(found => (found.folder, found.Point!)),
        ];
        bool done = File.Exists(Path.Combine(directory, "results.json"));
        return
        [
            .. points.GroupBy(found => IdOf(found.Point), StringComparer.Ordinal).OrderBy(run => run.Key, StringComparer.Ordinal)
                .Select(run => Run(run.Key, [.. Newest(run).OrderBy(found => StepOf(found.Point))], done)),
        ];
    }

    private ExportedRun Run(string id, (string Folder, CheckpointPoint Point)[] checkpoints, bool done)
    {
        CheckpointPoint first = checkpoints[0].Point;
        Dictionary<string, string> settings = new(StringComparer.Ordinal) { ["model"] = first.Model };
        Set("loss", first.Loss.Length > 0 ? first.Loss : null);
        Set("beta", first.Beta);
        Set("parameters", first.Parameters);
        if (first.Loss.Length > 0)
        {
            Set("seed", first.Seed);
        }

        return new ExportedRun(
            id, settings, [.. Segments(checkpoints[^1].Folder).SelectMany(Rows)],
            [.. checkpoints.Select(found => new ExportedRow(StepOf(found.Point), EndOf(found.Folder), Measures(found.Point)))], done);

        void Set(string name, object? value)
        {
            if (value is not null)
            {
                settings.Add(name, Convert.ToString(value, CultureInfo.InvariantCulture)!);
            }
        }
    }

    /// <summary>A study that was changed may have the steps of its earlier form too.</summary>
    private IEnumerable<(string Folder, CheckpointPoint Point)> Newest(IEnumerable<(string Folder, CheckpointPoint Point)> found) =>
        found.GroupBy(checkpoint => StepOf(checkpoint.Point)).Select(same => same.MaxBy(checkpoint => EndOf(checkpoint.Folder)));

    /// <summary>Best-of-n has no updates: its axis is n.</summary>
    private static int StepOf(CheckpointPoint point) => point.BestOf ?? point.Step;

    /// <summary>The parts of the run that ends in a checkpoint, the first one first.</summary>
    private List<string> Segments(string checkpoint)
    {
        List<string> parts = [];
        string? at = TrainedBy(checkpoint, depth: 3);
        while (at is not null)
        {
            parts.Insert(0, at);
            at = Inputs(at).FirstOrDefault(input => NameOf(input) == NameOf(parts[0]));
        }

        return parts;
    }

    /// <summary>The training step behind a description: what it describes was measured of what that made.</summary>
    private string? TrainedBy(string folder, int depth)
    {
        string[] inputs = [.. Inputs(folder)];
        string? found = inputs.FirstOrDefault(input => Trains(NameOf(input)));
        return found ?? (depth == 0 ? null : inputs.Select(input => TrainedBy(input, depth - 1)).FirstOrDefault(part => part is not null));
    }

    private IEnumerable<string> Inputs(string folder) =>
        (stored.Record(folder)?.InputKeys() ?? []).Where(folders.ContainsKey).Select(key => folders[key]);

    /// <summary>A part's log holds no times: its updates are spread evenly over the time that the part took.</summary>
    private IEnumerable<ExportedRow> Rows(string segment)
    {
        if (stored.Result<SegmentResult>(segment) is not { } result || stored.Record(segment) is not { } record)
        {
            yield break;
        }

        for (int i = 0; i < result.Log.Count; i++)
        {
            MetricRow row = result.Log[i];
            double share = (i + 1.0) / result.Log.Count;
            yield return new ExportedRow(
                row.Step, record.Started.AddSeconds(share * record.Seconds), Finite("train/", row.Values.Append(new("epoch", row.Epoch))));
        }
    }

    private DateTimeOffset EndOf(string folder) =>
        stored.Record(folder) is { } record ? record.Started.AddSeconds(record.Seconds) : DateTimeOffset.UnixEpoch;

    private Dictionary<string, double> Measures(CheckpointPoint point) => Finite(
        "eval/",
        JsonSerializer.SerializeToNode(point, Json)!.AsObject()
            .Where(entry => !Names.Contains(entry.Key) && entry.Value is not null)
            .Select(entry => new KeyValuePair<string, double>(
                entry.Key, entry.Value!.GetValueKind() == JsonValueKind.Number ? entry.Value.GetValue<double>() : double.NaN))
            .Append(new("fraction", point.Fraction)));

    private Dictionary<string, double> Finite(string prefix, IEnumerable<KeyValuePair<string, double>> values)
    {
        Dictionary<string, double> finite = new(StringComparer.Ordinal);
        foreach ((string name, double value) in values)
        {
            if (double.IsFinite(value))
            {
                finite.Add(prefix + name, value);
            }
            else
            {
                notFinite++;
            }
        }

        return finite;
    }

    private static string IdOf(CheckpointPoint point) => point switch
    {
        { Loss.Length: 0 } => $"{point.Model} sft seed={point.Seed}",
        { Beta: { } beta } => string.Create(CultureInfo.InvariantCulture, $"{point.Model} {point.Loss} beta={beta} seed={point.Seed}"),
        _ => $"{point.Model} {point.Loss} seed={point.Seed}",
    };

    private static string NameOf(string folder) => folder[..^17];

    private static bool IsDescription(string folder) => NameOf(folder) is { } name
        && (name == StepName.FromType(typeof(DescribeCheckpoint)) || name == StepName.FromType(typeof(DescribeBestOfN)));

    private static bool Trains(string name) =>
        name == StepName.FromType(typeof(PreferenceSegment)) || name == StepName.FromType(typeof(RolloutSegment));
}
