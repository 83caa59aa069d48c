using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Tests.Losses;

/// <summary>Batches of pairs, and what a loss makes of them.</summary>
internal static class LossBatch
{
    /// <summary>Pairs as training meets them: log-probs below 0, unequal lengths, log-ratios of both signs, nothing at a kink.</summary>
    public static PairLogProbs[] Ordinary() =>
    [
        new(-31.4, -29.9, -33.1, -29.2, 30, 27),
        new(-12.7, -44.2, -12.1, -41.4, 11, 52),
        new(-20.9, -18.3, -20.2, -19.7, 24, 16),
        new(-55.5, -8.6, -49.3, -9.9, 61, 9),
        new(-15.2, -21.8, -17.9, -21.3, 19, 19),
    ];

    public static PairGradient Term(PreferenceLoss loss, PairLogProbs pair) => Terms(loss, pair)[0];

    public static PairGradient[] Terms(PreferenceLoss loss, params PairLogProbs[] pairs)
    {
        PairGradient[] terms = new PairGradient[pairs.Length];
        loss.Evaluate(pairs, terms);
        return terms;
    }

    public static double Mean(PreferenceLoss loss, PairLogProbs[] pairs) => loss.BatchLoss(Terms(loss, pairs));

    public static PairLogProbs[] With(PairLogProbs[] pairs, int at, PairLogProbs pair)
    {
        PairLogProbs[] changed = [.. pairs];
        changed[at] = pair;
        return changed;
    }

    /// <summary>df/dh at 0, to about twelve digits of f.</summary>
    public static double Difference(Func<double, double> f)
    {
        const double Step = 1e-4;
        return ((8 * (f(Step) - f(-Step))) - (f(2 * Step) - f(-2 * Step))) / (12 * Step);
    }
}
