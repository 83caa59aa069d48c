using static System.FormattableString;

namespace Goodhart.Evaluation.Forecasts;

/// <summary>Train to the end, measure all the way, keep the best: no time saved, the most that stopping can keep.</summary>
public sealed record KeepBest : StopRule
{
    public override string Name => "keep-best";

    public override string Words => "train to the end and keep the best measured checkpoint";

    public override StopDecision Decide(IReadOnlyList<RunMeasurement> soFar) => new(false, BestOf(soFar), "never stops");
}

/// <summary>Train to the end and keep the last checkpoint: what is done without measuring.</summary>
public sealed record AlwaysLast : StopRule
{
    public override string Name => "always-last";

    public override string Words => "train to the end and keep the last checkpoint";

    public override StopDecision Decide(IReadOnlyList<RunMeasurement> soFar) => new(false, soFar.Count - 1, "never stops");

    public override int Keep(IReadOnlyList<RunMeasurement> measured) => measured.Count - 1;
}

/// <summary>Stop as soon as a checkpoint is below the one before it.</summary>
public sealed record FirstDecline : StopRule
{
    public override string Name => "first-decline";

    public override string Words => "stop at the first checkpoint below the one before it; keep the best measured";

    public override StopDecision Decide(IReadOnlyList<RunMeasurement> soFar)
    {
        bool fell = soFar.Count > 1 && soFar[^1].Score < soFar[^2].Score;
        return new(fell, BestOf(soFar), fell ? Invariant($"{soFar[^1].Score:0.000} after {soFar[^2].Score:0.000}") : "no decline yet");
    }
}

/// <summary>Stop when √KL passes a budget set beforehand.</summary>
public sealed record FixedKlRule(double SqrtKl) : StopRule
{
    public override string Name => "fixed-kl";

    public override string Words => "stop beyond the √KL that was best for the other groups; keep the best measured";

    public override StopDecision Decide(IReadOnlyList<RunMeasurement> soFar)
    {
        bool beyond = soFar[^1].SqrtKl > SqrtKl;
        return new(beyond, BestOf(soFar), Invariant($"√KL {soFar[^1].SqrtKl:0.00} of {SqrtKl:0.00}"));
    }
}

/// <summary>Stop when the run is past the place where the other groups peak.</summary>
/// <param name="Place">Of the other groups.</param>
/// <param name="Chance">Probability of being past the peak that it takes.</param>
public sealed record PastForecastPeak(PeakPlace Place, double Chance = 0.9) : StopRule
{
    public override string Name => "past-forecast-peak";

    public override string Words => Invariant(
        $"stop when eq. 5's peak, forecast from the other groups, is behind with probability {Chance}; keep the best measured");

    public override StopDecision Decide(IReadOnlyList<RunMeasurement> soFar)
    {
        if (soFar[^1].SqrtKl is not { } now)
        {
            return new(false, BestOf(soFar), "no √KL to forecast from");
        }

        double past = Place.ChanceBefore(now);
        return new(past > Chance, BestOf(soFar), Invariant($"past the peak with probability {past:0.00}"));
    }
}
