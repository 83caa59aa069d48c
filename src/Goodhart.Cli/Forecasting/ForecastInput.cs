using System.Text.Json;
using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Points;

namespace Goodhart.Cli.Forecasting;

/// <summary>What <c>goodhart forecast</c> reads: a study's folder, or points of any origin.</summary>
internal static class ForecastInput
{
    private const string PointsName = "points.csv";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="path">A folder with points.csv, or a points file. A study's folder also has the outcomes by prompt, in its
    /// steps.</param>
    public static ForecastReport Forecast(string path, ForecastOptions options)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, PointsName) : path;
        if (!File.Exists(file))
        {
            throw new FileNotFoundException(
                $"no {(Directory.Exists(path) ? $"{PointsName} in {path}" : $"file or folder {path}")}: expected a study's folder or a "
                    + "CSV with "
                + "columns loss, model, kl and winRate, and beta, fraction and winRateSe to tell runs and errors by.");
        }

        IReadOnlyList<CheckpointPoint> points = PointsFile.ReadCheckpoints(file);
        if (!points.Any(point => point.Loss.Length > 0))
        {
            throw new InvalidDataException($"{file}: no checkpoint of a loss, so there is no run to forecast.");
        }

        return Directory.Exists(path) && Outcomes(path, points) is { } evaluated
            ? ForecastReport.OfStudy(evaluated, options)
            : ForecastReport.OfPoints(points, options);
    }

    // Only where every row has its outcomes: a forecast from half a study would look like one from the whole.
    private static EvaluatedCheckpoint[]? Outcomes(string folder, IReadOnlyList<CheckpointPoint> points)
    {
        string steps = Path.Combine(folder, "steps");
        if (!Directory.Exists(steps))
        {
            return null;
        }

        Dictionary<CheckpointPoint, EvaluatedCheckpoint> known = [];
        foreach (string result in Directory.EnumerateDirectories(steps, "describe-*").Select(step => Path.Combine(step, "result.json")))
        {
            if (
                File.Exists(result) && JsonSerializer.Deserialize<Stored>(File.ReadAllText(result), Json) is
                {
                    Point: { } point, Outcomes: { } outcomes,
                })
            {
                known[point] = new(point, outcomes);
            }
        }

        EvaluatedCheckpoint?[] found = [.. points.Select(known.GetValueOrDefault)];
        return found.Contains(null) ? null : [.. found.OfType<EvaluatedCheckpoint>()];
    }

    private sealed record Stored(CheckpointPoint? Point, PerPromptOutcomes? Outcomes);
}
