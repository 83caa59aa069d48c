using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>Where Eq. (5) is forecast to peak, and how high.</summary>
/// <param name="SqrtKl">d*; null where the forecast law rises throughout.</param>
/// <param name="SqrtKlInterval">Its high end is null where a peak may never come.</param>
/// <param name="WinRate">At d*.</param>
/// <param name="WinRateInterval">Null where the points do not give one: a single checkpoint.</param>
public sealed record PeakForecast(double? SqrtKl, FitInterval? SqrtKlInterval, double? WinRate, FitInterval? WinRateInterval)
{
    private const int Draws = 2000;

    /// <summary>The place from other groups, the height from the points seen.</summary>
    /// <param name="place">Of the other groups' peaks.</param>
    internal static PeakForecast Of(PeakPlace place, SeenPoints seen, double level)
    {
        ScaledRise rise = ScaledRise.Fit(seen, place.SqrtKl);
        RandomStream random = new(0, "forecasts/peak", 0);
        FitInterval? height = null;
        if (rise.StandardError is not null)
        {
            double[] peaks = [.. Enumerable.Range(0, Draws).Select(_ =>
            {
                double d = place.Draw(random);
                ScaledRise drawn = ScaledRise.Fit(seen, d);
                double error = PeakPlace.DrawT(random, drawn.DegreesOfFreedom) * drawn.StandardError!.Value;
                return seen.SftWinRate + ((drawn.Scale + error) * d);
            })];
            height = FitInterval.From(Percentiles.Interval(peaks, level), $"{Draws} draws of place and height");
        }

        return new(
            place.SqrtKl,
            FitInterval.From(place.Interval(level), $"t over {place.Groups} other groups"),
            seen.SftWinRate + (rise.Scale * place.SqrtKl),
            height);
    }

    /// <summary>From the points seen alone; null where they fix no law.</summary>
    internal static PeakForecast? Of(SeenPoints seen, double level)
    {
        if (LawFit.Fit(new GaoLaw(), new SftIntercept(seen.SftWinRate), seen.SqrtKl, seen.WinRates) is not { } fit)
        {
            return null;
        }

        LawRefits refits = WildBootstrap.Refits(fit, seen.SqrtKl, 0, Draws, seen.Runs);
        PeakIntervals intervals = Fits.PeakIntervals.From(refits, 2, level, WildBootstrap.MethodByRun);
        return new(fit.Peak?.SqrtKl, intervals.SqrtKl, fit.PeakWinRate, intervals.WinRate);
    }
}
