using System.Text.Json;
using Goodhart.Cli.Forecasting;
using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Points;
using Goodhart.Studies.Configuration;
using Goodhart.Worlds;

namespace Goodhart.Cli.Alarms;

/// <summary>What <c>goodhart alarm</c> reads: a study, finished or not, an evaluation, or points of any origin.</summary>
internal static class AlarmSource
{
    private const string PointsName = "points.csv";
    private const string EvaluationName = "evaluation.csv";
    private const string StudyName = "study.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The checkpoints so far, with outcomes by prompt where they are stored.</summary>
    public static IReadOnlyList<EvaluatedCheckpoint> Read(string path)
    {
        if (Directory.Exists(path))
        {
            return ReadFolder(path);
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"no file or folder {path}: expected a study's folder, that of an evaluation, or a points.csv or evaluation.csv.");
        }

        string header = File.ReadLines(path).FirstOrDefault() ?? "";
        return Without(header.StartsWith("checkpoint,", StringComparison.OrdinalIgnoreCase)
            ? PointsFile.ReadEvaluation(path)
            : PointsFile.ReadCheckpoints(path));
    }

    /// <summary>Rows to learn from: of a study whose checkpoints are all judged, with its world and who labelled its pairs.</summary>
    /// <param name="told">Gets what makes its truth another one.</param>
    public static AlarmTable Learn(string folder, Action<string> told)
    {
        string file = Path.Combine(folder, StudyName);
        string points = Path.Combine(folder, PointsName);
        if (!File.Exists(file) || !File.Exists(points))
        {
            throw new FileNotFoundException($"no {StudyName} and {PointsName} in {folder}: --collect takes folders of finished studies.");
        }

        StudyOrigin origin = Origin(file);
        PreferenceSampler labeller = origin.Labeller ?? new PreferenceSampler();
        IReadOnlyList<EvaluatedCheckpoint> checkpoints = ReadFolder(folder);
        if (checkpoints.All(checkpoint => checkpoint.Outcomes.Win.Length < 2))
        {
            told(
                $"{folder}: outcomes by prompt are gone with its steps, so peaks go by standard errors as if checkpoints shared no prompt: "
                + "more runs are undecided than by paired tests.");
        }

        return AlarmTable.Of(
            checkpoints, origin.World is null ? $"data {origin.Name}" : FormattableString.Invariant($"{origin.World} {origin.Seed}"),
            origin.World is null ? "unknown" : Words(labeller), labeller.Noise);
    }

    private static StudyOrigin Origin(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<StudyOrigin>(File.ReadAllText(file), Json)
                ?? throw new InvalidDataException($"{file}: expected a study, found null.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{file}: not a study: {fault.Message}", fault);
        }
    }

    private static IReadOnlyList<EvaluatedCheckpoint> ReadFolder(string folder)
    {
        string points = Path.Combine(folder, PointsName);
        if (File.Exists(points))
        {
            IReadOnlyList<CheckpointPoint> all = PointsFile.ReadCheckpoints(points);
            return StoredOutcomes.For(folder, all) ?? Without(all);
        }

        if (StoredOutcomes.SoFar(folder) is { Count: > 0 } so)
        {
            return so;
        }

        string evaluation = Path.Combine(folder, EvaluationName);
        return File.Exists(evaluation)
            ? Without(PointsFile.ReadEvaluation(evaluation))
            : throw new FileNotFoundException(
                $"no {PointsName}, no {EvaluationName} and no finished checkpoint of a study in {folder}: run `goodhart evaluate` on the "
                + "run's checkpoints first, or wait for the study's first ones.");
    }

    private static EvaluatedCheckpoint[] Without(IReadOnlyList<CheckpointPoint> points) =>
        [.. points.Select(point => new EvaluatedCheckpoint(point, new PerPromptOutcomes([], [])))];

    /// <summary>The labeller's bias; noise has a column of its own.</summary>
    private static string Words(PreferenceSampler labeller) =>
        FormattableString.Invariant($"length bias {labeller.LengthBias} temperature {labeller.Temperature}");

    /// <summary>What study.json says of where the pairs came from: see <see cref="StudyDefinition"/>.</summary>
    private sealed record StudyOrigin(string Name, string? World, ulong Seed, PreferenceSampler? Labeller);
}
