using static System.FormattableString;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>Stop when the latest checkpoint is worse than the best so far beyond chance: one-sided p below
/// <paramref name="Alpha"/>.</summary>
/// <param name="Alpha">Not corrected for the choice of the best: it sets how readily to stop, and the back-test says what that
/// costs.</param>
public sealed record SignificantDecline(double Alpha = 0.05) : StopRule
{
    public override string Name => "significant-decline";

    public override string Words =>
        Invariant($"stop when the latest checkpoint is worse than the best so far, one-sided p < {Alpha}; keep the best measured");

    public override StopDecision Decide(IReadOnlyList<RunMeasurement> soFar)
    {
        int best = BestOf(soFar);
        RunMeasurement latest = soFar[^1];
        if (best == soFar.Count - 1)
        {
            return new(false, best, Invariant($"{latest.Score:0.000} at {100 * latest.Fraction:0} % is the best so far"));
        }

        Decline decline = Decline.Between(soFar[best], latest);
        string numbers = Invariant($"{latest.Score:0.000} at {100 * latest.Fraction:0} % against {soFar[best].Score:0.000} at ")
            + Invariant($"{100 * soFar[best].Fraction:0} %");
        return decline.P is not { } p ? new(false, best, $"{numbers}: no standard errors to compare them by")
            : p < Alpha ? new(true, best, Invariant($"{numbers}: worse, p = {p:0.0000}"))
            : new(false, best, Invariant($"{numbers}: may be chance, p = {p:0.00}"));
    }
}
