using System.Globalization;
using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Fits;

/// <summary>All laws fitted to all groups of points.</summary>
/// <param name="Skipped">Why a group or a law was left out, one line each: too few points, or all at one distance.</param>
public sealed record FitReport(IReadOnlyList<ScalingLawFit> Fits, IReadOnlyList<string> Skipped)
{
    /// <summary>Fits anybody's points; intervals by the wild residual bootstrap.</summary>
    /// <exception cref="InvalidDataException">A grouping column does not exist, or the sft intercept has no SFT model to stand
    /// on.</exception>
    public static FitReport OfCurve(CurveTable table, FitOptions options)
    {
        FitReport report = new([], []);
        foreach (CurveGroup group in CurveGroup.Split(table, options.GroupBy))
        {
            double[] sqrtKl = [.. group.Points.Select(point => point.SqrtKl)];
            double[] winRates = [.. group.Points.Select(point => point.WinRate)];
            Intercept intercept = Resolve(options, group.SftWinRate, group.Name, table.File);
            report = report.With(group.Name, options, intercept, sqrtKl, winRates, fit => WildBootstrap.Peaks(
                fit, sqrtKl, options.Seed, options.Replicates, options.Level));
        }

        return report;
    }

    /// <summary>Fits a study's checkpoints, grouped by loss and model; intervals by the bootstrap over prompts, and seeds where there are
    /// several. Checkpoints that nothing has judged are left out.</summary>
    public static FitReport OfStudy(IReadOnlyList<EvaluatedCheckpoint> checkpoints, FitOptions options)
    {
        FitReport report = new([], []);
        foreach (CheckpointGroup group in CheckpointGroup.Split(EvaluatedCheckpoint.Judged(checkpoints)))
        {
            double[] sqrtKl = [.. group.Checkpoints.Select(c => c.Point.SqrtKl)];
            double[] winRates = [.. group.Checkpoints.Select(c => c.WinRate)];
            Intercept intercept = Resolve(options, group.Sft?.WinRate, group.Name, "the study");
            PromptBootstrap bootstrap = new(group.Checkpoints, group.Sft, options.Replicates, options.Seed);
            report = report.With(group.Name, options, intercept, sqrtKl, winRates, fit => PeakIntervals.From(
                bootstrap.Peaks(fit.Law, intercept), options.Level, bootstrap.Method));
        }

        return report;
    }

    private FitReport With(
        string group, FitOptions options, Intercept intercept, double[] sqrtKl, double[] winRates, Func<LawFit, PeakIntervals> intervals)
    {
        List<ScalingLawFit> fits = [.. Fits];
        List<string> skipped = [.. Skipped];
        foreach (ScalingLaw law in options.Laws)
        {
            if (LawFit.Fit(law, intercept, sqrtKl, winRates) is { } fit)
            {
                fits.Add(Describe(group, fit, intervals(fit)));
            }
            else
            {
                skipped.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{group}: {law.Name} needs {LawRegression.Parameters(law, intercept)} points at different √KL above 0, found "
                    + $"{sqrtKl.Where(d => d > 0).Distinct().Count()}"));
            }
        }

        return new(fits, skipped);
    }

    private static ScalingLawFit Describe(string group, LawFit fit, PeakIntervals intervals)
    {
        LawPeak? peak = fit.Peak;
        return new(
            group,
            fit.Law.Name,
            fit.Intercept.Name,
            fit.Coefficients,
            fit.InterceptValue,
            fit.Regression.Rmse,
            fit.Regression.RmseLeaveOneOut,
            fit.Regression.Count,
            peak?.SqrtKl,
            intervals.SqrtKl,
            peak is { } found ? fit.InterceptValue + found.Rise : null,
            intervals.WinRate,
            peak?.SqrtKl > fit.LargestSqrtKl);
    }

    private static Intercept Resolve(FitOptions options, double? sftWinRate, string group, string source) => options.Intercept switch
    {
        InterceptKind.Free => new FreeIntercept(),
        InterceptKind.None => new NoIntercept(),
        _ => new SftIntercept(sftWinRate ?? options.SftWinRate ?? throw new InvalidDataException(
            $"{source}, group {group}: the sft intercept needs the SFT model's win rate, and there is no row for it (kl 0, loss empty); "
            + "add the row, give --sft-win-rate, or choose --intercept free.")),
    };
}
