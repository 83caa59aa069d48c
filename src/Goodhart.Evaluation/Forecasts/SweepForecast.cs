using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>What a sweep's small budgets (its large β) say about the whole of it, and what came: an element of results.json's
/// forecasts.</summary>
/// <param name="Group">For example "dpo/M".</param>
/// <param name="SeenBetas">From the largest down.</param>
/// <param name="LargestSeenSqrtKl">How far out the seen runs went.</param>
/// <param name="Forecast">Place from the other groups, height from the seen points; from the seen points alone where there are fewer
/// than three other groups.</param>
/// <param name="OtherGroups">How many other groups the place comes from; 0: none.</param>
/// <param name="SeenAlone">From the seen points alone; null where they fix no law.</param>
/// <param name="WholeSqrtKl">d* of the fit to the whole group, far points left out (<see cref="KlBound"/>); null where nothing was hidden
/// or the fit has no peak.</param>
/// <param name="WholeWinRate">Its height.</param>
/// <param name="BestWinRate">The best measured checkpoint of the whole group.</param>
/// <param name="Lost">Win rate that a user gives away who aims at the forecast d*, or at the farthest run where that comes first, by the
/// law
/// of the whole group.</param>
/// <param name="LostSeenAlone">The same for the forecast from the seen points alone.</param>
public sealed record SweepForecast(
    string Group,
    IReadOnlyList<double> SeenBetas,
    double LargestSeenSqrtKl,
    PeakForecast? Forecast,
    int OtherGroups,
    PeakForecast? SeenAlone,
    double? WholeSqrtKl,
    double? WholeWinRate,
    double BestWinRate,
    double? Lost,
    double? LostSeenAlone)
{
    /// <summary>Null where the group has fewer than two βs or no SFT model.</summary>
    internal static SweepForecast? Of(CheckpointGroup group, PeakPlace? place, ForecastOptions options)
    {
        double[] betas = [.. group.Checkpoints.Select(c => c.Point.Beta).OfType<double>().Distinct().OrderDescending()];
        if (betas.Length < 2 || group.Sft?.WinRate is not { } sft)
        {
            return null;
        }

        double[] shown = betas[..Math.Clamp(options.SeenBetas ?? ((betas.Length + 1) / 2), 1, betas.Length)];
        CheckpointPoint[] points = [.. group.Checkpoints.Select(c => c.Point).Where(p => shown.Contains(p.Beta ?? double.NaN))];
        SeenPoints seen = SeenPoints.Of(points, sft);
        PeakForecast? alone = PeakForecast.Of(seen, options.Level);
        PeakForecast? forecast = place is null ? alone : PeakForecast.Of(place, seen, options.Level);
        LawFit? whole = shown.Length == betas.Length ? null : PeakPlace.WholeFit(group);
        LawPeak? peak = whole?.Peak;

        // Nobody trains past the farthest run of the sweep, and no law says anything there.
        double farthest = group.Checkpoints.Max(c => c.Point.SqrtKl);
        double? Lost(PeakForecast? aim) =>
            peak is { } truth && aim is not null ? truth.Rise + sft - whole!.Value(Math.Min(aim.SqrtKl ?? farthest, farthest)) : null;
        return new(
            group.Name,
            shown,
            seen.SqrtKl.Max(),
            forecast,
            place?.Groups ?? 0,
            alone,
            peak?.SqrtKl,
            sft + peak?.Rise,
            group.Checkpoints.Max(c => c.WinRate),
            Lost(forecast),
            Lost(alone));
    }
}
