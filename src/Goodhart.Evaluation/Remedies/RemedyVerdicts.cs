using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;

namespace Goodhart.Evaluation.Remedies;

/// <summary>Each paper's own claim, held against a study by one rule.</summary>
/// <remarks>An effect is supported where its whole interval is as claimed, not supported where the interval excludes an effect of the
/// margin; "no lower" is supported where the interval excludes a loss of the margin, and not where all of it is one.</remarks>
public static class RemedyVerdicts
{
    private const double Level = 0.95;
    private const double WinRateMargin = 0.02;
    private const double LengthMargin = 0.05;

    /// <inheritdoc cref="RemedyLeague.Families"/>
    public static IReadOnlyList<RemedyVerdict> Of(IReadOnlyList<EvaluatedCheckpoint> checkpoints, FreshReading? fresh)
    {
        IReadOnlyList<IReadOnlyList<RemedyRuns>> groups = RemedyLeague.Methods(checkpoints, flops: null, RemediedLosses.FamilyOf);
        Claimed[] claims =
        [
            .. groups.SelectMany(methods => methods.Skip(1).Select(method => new Claimed(method, methods[0], ClaimOf(method.Name))))
                .Where(claimed => claimed.Claim is not null),
        ];
        ILookup<string, Claimed> models = claims.ToLookup(claimed => claimed.Method.Model);
        return
        [
            .. claims.Select(claimed => Decide(
                claimed, fresh, tests: models[claimed.Method.Model].Sum(other => other.Claim!.Effects.Count))),
        ];
    }

    /// <summary>Of a loss with one remedy, or of a loss in another's place; several remedies together are no paper's.</summary>
    public static PaperClaim? ClaimOf(string family)
    {
        string remedies = RemediedLosses.RemediesOf(family);
        return remedies.Length == 0
            ? LossCatalogue.All.FirstOrDefault(loss => loss.Name == family)?.Claim
            : RemedyCatalogue.All.FirstOrDefault(remedy => remedy.Name == remedies)?.Claim;
    }

    private static RemedyVerdict Decide(Claimed claimed, FreshReading? fresh, int tests)
    {
        TestedEffect[] effects = [.. claimed.Claim!.Effects.Select(effect => Test(claimed, effect, fresh, tests))];
        return new RemedyVerdict(
            claimed.Method.Model, claimed.Plain.Name, claimed.Method.Name, claimed.Claim.Says, claimed.Claim.Source, effects,
            effects.All(effect => effect.Verdict == ClaimVerdict.Supported) ? ClaimVerdict.Supported
                : effects.Any(effect => effect.Verdict == ClaimVerdict.NotSupported) ? ClaimVerdict.NotSupported
                : ClaimVerdict.Inconclusive);
    }

    private static TestedEffect Test(Claimed claimed, ClaimedEffect effect, FreshReading? fresh, int tests)
    {
        (RemedyRuns method, RemedyRuns plain) = (claimed.Method, claimed.Plain);
        RankedCell? chosen = fresh?.FirstOf(method.Model, plain.Name, method.Name);
        RemedyMeasure? measure = effect switch
        {
            ClaimedEffect.HigherBest or ClaimedEffect.NoLowerBest =>
                chosen is null ? Read(runs => runs.Best()) : fresh!.Read(chosen),
            ClaimedEffect.Shorter =>
                chosen is null ? Read(runs => runs.LengthOfBest()) : fresh!.Read(chosen, outcomes => outcomes.Length ?? []),
            ClaimedEffect.HigherAtPeakKl => RemedyLeague.AtKl(method, plain, tests, plain.BestSqrtKl),
            ClaimedEffect.SmallerFall => Read(runs => runs.Fall()),
            ClaimedEffect.SmallerFallAtSmallBeta => Read(runs => runs.AtSmallestBeta().Fall()),
            _ => throw new NotSupportedException($"{effect} is nothing that a study measures."),
        };
        if (measure?.Difference is not { } raw || measure.DifferenceError is not { } error)
        {
            return new TestedEffect(effect, null, null, null, null, null, ClaimVerdict.Inconclusive);
        }

        bool isLess = effect is ClaimedEffect.Shorter or ClaimedEffect.SmallerFall or ClaimedEffect.SmallerFallAtSmallBeta;
        double difference = isLess ? -raw : raw;
        double margin = effect == ClaimedEffect.Shorter ? LengthMargin * Math.Abs(measure.Value - raw) : WinRateMargin;
        double half = StudentsT.Quantile(1 - ((1 - Level) / 2 / tests), measure.DifferenceDegreesOfFreedom!.Value) * error;
        (double low, double high) = (difference - half, difference + half);

        // A soup of seeds is one model under every seed's name: what another one would be worth, nobody knows.
        return new TestedEffect(
            effect, difference, error, low, high, margin,
            RemediedLosses.RemediesOf(method.Name).Split('+').Contains(SeedSoup.Entry.Name)
                ? ClaimVerdict.Inconclusive
                : Verdict(effect, low, high, margin));

        RemedyMeasure? Read(Func<RemedyRuns, Dictionary<int, double[]>> quantity) => RemedyLeague.Measure(method, plain, tests, quantity);
    }

    /// <summary>The rule.</summary>
    internal static ClaimVerdict Verdict(ClaimedEffect effect, double low, double high, double margin)
    {
        double least = effect == ClaimedEffect.NoLowerBest ? -margin : 0;
        return low > least ? ClaimVerdict.Supported
            : high < least + margin ? ClaimVerdict.NotSupported
            : ClaimVerdict.Inconclusive;
    }

    private sealed record Claimed(RemedyRuns Method, RemedyRuns Plain, PaperClaim? Claim);
}
