using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

/// <summary>Every loss of the catalogue where arithmetic is likely to break, and where its settings are wrong.</summary>
public sealed class LossEdgeTests
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, LossRow.All.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Extreme_margins_give_no_NaN(int index)
    {
        LossRow row = LossRow.All[index];
        foreach ((double beta, PairLogProbs extreme) in Settings(ExtremePairs()))
        {
            foreach (PairGradient term in LossBatch.Terms(LossCatalogue.Create(row.Name, beta), [extreme, .. LossBatch.Ordinary()]))
            {
                Assert.All([term.Loss, term.Chosen, term.Rejected], value => Assert.True(
                    row.CanBeInfinite ? !double.IsNaN(value) : double.IsFinite(value), $"{row} at beta {beta}, {extreme}: {term}"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_infinite_ratio_gives_no_NaN(int index)
    {
        LossRow row = LossRow.All[index];
        foreach ((double beta, PairLogProbs extreme) in Settings(InfinitePairs()))
        {
            foreach (PairGradient term in LossBatch.Terms(LossCatalogue.Create(row.Name, beta), [extreme, .. LossBatch.Ordinary()]))
            {
                Assert.All([term.Loss, term.Chosen, term.Rejected], value => Assert.False(
                    double.IsNaN(value), $"{row} at beta {beta}, {extreme}: {term}"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_NaN_log_prob_gives_a_NaN_loss(int index)
    {
        PreferenceLoss loss = LossCatalogue.Create(LossRow.All[index].Name, 0.1);
        PairLogProbs pair = new(-30, -31, -29, -33, 20, 20);
        Assert.Equal(double.NaN, LossBatch.Mean(loss, [pair with { PolicyChosen = double.NaN }]));
        Assert.Equal(double.NaN, LossBatch.Mean(loss, [pair with { PolicyRejected = double.NaN }]));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Value_at_the_reference_is_that_of_equal_models(int index)
    {
        PreferenceLoss loss = LossCatalogue.Create(LossRow.All[index].Name, 0.1);
        PairLogProbs[] same =
        [
            .. LossBatch.Ordinary().Select(
                pair => pair with { ReferenceChosen = pair.PolicyChosen, ReferenceRejected = pair.PolicyRejected }),
        ];
        double[] values = [.. LossBatch.Terms(loss, same).Select(term => term.Loss)];
        if (loss.ValueAtReference is { } expected)
        {
            Assert.All(values, value => Assert.Equal(expected, value, 1e-15 * Math.Max(1, Math.Abs(expected))));
        }
        else
        {
            Assert.True(values.Distinct().Count() > 1, $"{loss.Name} has one value at the reference, {values[0]}, and does not say so");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Needs_the_reference_exactly_where_it_says_so(int index)
    {
        PreferenceLoss loss = LossCatalogue.Create(LossRow.All[index].Name, 0.1);
        PairLogProbs[] moved = [.. LossBatch.Ordinary().Select((pair, i) => pair with { ReferenceChosen = pair.ReferenceChosen - 1 - i })];
        Assert.Equal(loss.NeedsReference, LossBatch.Mean(loss, LossBatch.Ordinary()) != LossBatch.Mean(loss, moved));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Couples_the_batch_exactly_where_it_says_so(int index)
    {
        PreferenceLoss loss = LossCatalogue.Create(LossRow.All[index].Name, 0.4);
        PairLogProbs[] pairs = LossBatch.Ordinary();
        PairGradient[] apart = [.. pairs.Select(pair => LossBatch.Term(loss, pair))];
        Assert.Equal(loss.CouplesBatch, !apart.SequenceEqual(LossBatch.Terms(loss, pairs)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Bad_settings_are_refused(int index)
    {
        LossEntry entry = LossCatalogue.Find(LossRow.All[index].Name);
        foreach (double beta in (double[])[0, -0.1, double.NaN, double.PositiveInfinity])
        {
            Assert.StartsWith(
                $"{entry.Name}: expected a finite beta above 0", Assert.ThrowsAny<ArgumentException>(() => entry.Create(beta)).Message,
                StringComparison.Ordinal);
        }

        Assert.StartsWith(
            $"{entry.Name} has no parameter 'gama': expected ",
            Assert.Throws<ArgumentException>(() => entry.Create(0.1, new Dictionary<string, double> { ["gama"] = 1 })).Message,
            StringComparison.Ordinal);
        foreach (LossParameter parameter in entry.Parameters)
        {
            ParameterRange range = parameter.Range;
            double[] bad = [double.NaN, range.High, range.IncludesLow ? range.Low - 1 : range.Low];
            Assert.All(bad, value => Assert.StartsWith(
                $"{entry.Name}: expected {parameter.Name} {range.Text}, got ",
                Assert.Throws<ArgumentException>(
                    () => entry.Create(0.1, new Dictionary<string, double> { [parameter.Name] = value })).Message,
                StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Terms_must_match_pairs(int index)
    {
        PreferenceLoss loss = LossCatalogue.Create(LossRow.All[index].Name, 0.1);
        Assert.StartsWith(
            $"{loss.Name}: expected one term per pair, got 5 pairs and 1 terms.",
            Assert.Throws<ArgumentException>(() => loss.Evaluate(LossBatch.Ordinary(), new PairGradient[1])).Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<(double Beta, PairLogProbs Pair)> Settings(IEnumerable<PairLogProbs> pairs) =>
        from pair in pairs from beta in (double[])[0.001, 1, 10] select (beta, pair);

    /// <summary>Both log-ratios at each of −100,000, −1,000, 0, 1,000 and 100,000 nats, with log-probs that are possible.</summary>
    private static IEnumerable<PairLogProbs> ExtremePairs()
    {
        double[] ratios = [-1e5, -1e3, 0, 1e3, 1e5];
        return from chosen in ratios
               from rejected in ratios
               select new PairLogProbs(
                   -40 + Math.Min(chosen, 0), -40 + Math.Min(rejected, 0), -40 - Math.Max(chosen, 0), -40 - Math.Max(rejected, 0), 30, 20);
    }

    /// <summary>A probability of 0 at one of the four places, and of 1 at one of the policy's.</summary>
    private static IEnumerable<PairLogProbs> InfinitePairs()
    {
        PairLogProbs pair = new(-40, -41, -42, -39, 30, 20);
        return
        [
            pair with { PolicyChosen = double.NegativeInfinity }, pair with { PolicyRejected = double.NegativeInfinity },
            pair with { ReferenceChosen = double.NegativeInfinity }, pair with { ReferenceRejected = double.NegativeInfinity },
            pair with { PolicyChosen = 0 }, pair with { PolicyRejected = 0 }, pair with { PolicyChosen = 0, PolicyRejected = 0 },
        ];
    }
}
