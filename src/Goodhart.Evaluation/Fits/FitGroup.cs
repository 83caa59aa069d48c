using System.Globalization;

namespace Goodhart.Evaluation.Fits;

/// <summary>Points that laws are fitted to, and how their intervals are made.</summary>
/// <param name="Betas">Each point's β, for the held-out errors; null where not known.</param>
/// <param name="Bootstrap">Null: the wild bootstrap.</param>
/// <param name="Runs">Each point's run, for the wild bootstrap; null: every point for itself.</param>
internal sealed record FitGroup(
    string Name, double[] SqrtKl, double[] WinRates, Intercept Intercept, object[]? Betas, PromptBootstrap? Bootstrap, int[]? Runs)
{
    /// <summary>Null where the points are too few for the law.</summary>
    public ScalingLawFit? Fit(ScalingLaw law, FitOptions options)
    {
        if (LawFit.Fit(law, Intercept, SqrtKl, WinRates) is not { } fit)
        {
            return null;
        }

        LawRefits refits = Bootstrap?.Refits(law, Intercept) ?? WildBootstrap.Refits(fit, SqrtKl, options.Seed, options.Replicates, Runs);
        string method = Bootstrap?.Method ?? (Runs is null ? WildBootstrap.Method : WildBootstrap.MethodByRun);
        PeakIntervals intervals = PeakIntervals.From(refits, fit.Solution.Parameters, options.Level, method);
        LawPeak? peak = fit.Peak;
        return new(
            Name,
            law.Name,
            Intercept.Name,
            [.. fit.Coefficients.Zip(intervals.Coefficients, (coefficient, interval) => coefficient with { Interval = interval })],
            fit.InterceptValue,
            fit.Solution.Rmse,
            fit.Solution.RmseLeaveOneOut,
            fit.Solution.Count,
            peak?.SqrtKl,
            intervals.SqrtKl,
            fit.PeakWinRate,
            intervals.WinRate,
            peak?.SqrtKl > fit.LargestSqrtKl)
        {
            RmseHeldOutBeta = HeldOut(law),
            LargestSqrtKl = fit.LargestSqrtKl,
            Band = refits.Band(law, fit.LargestSqrtKl, options.Level),
        };
    }

    public string Reason(ScalingLaw law) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {law.Name} needs {LawRegression.Parameters(law, Intercept)} points at different √KL above 0, found "
        + $"{SqrtKl.Where(d => d > 0).Distinct().Count()}");

    private double? HeldOut(ScalingLaw law) =>
        Betas is not null && HeldOutErrors.ByBlock(law, Intercept, SqrtKl, WinRates, Betas) is { } errors
            ? HeldOutErrors.Rmse(errors)
            : null;
}
