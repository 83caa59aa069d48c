using Goodhart.Evaluation.Forecasts;
using Goodhart.Evaluation.Points;

namespace Goodhart.Cli.Forecasting;

/// <summary>What <c>goodhart forecast</c> reads: a study's folder, or points of any origin.</summary>
internal static class ForecastInput
{
    private const string PointsName = "points.csv";

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

        return Directory.Exists(path) && StoredOutcomes.For(path, points) is { } evaluated
            ? ForecastReport.OfStudy(evaluated, options)
            : ForecastReport.OfPoints(points, options);
    }
}
