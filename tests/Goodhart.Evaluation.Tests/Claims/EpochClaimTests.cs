using Goodhart.Evaluation.Claims;
using Xunit;
using static Goodhart.Evaluation.Tests.Claims.Deciding;

namespace Goodhart.Evaluation.Tests.Claims;

/// <summary>Claims on the course of training, and on Eq. (5), on studies whose truth is known. Weak constraints, the three lowest βs, have
/// √KL above
/// 1.1.</summary>
public sealed class EpochClaimTests
{
    [Fact]
    public void Wide_budgets_decline_more()
    {
        SimulatedStudy Falls(double wide, double narrow) => new()
        {
            SqrtKl = (_, _, beta, _) => beta < 0.15 ? 2 : 0.8,
            WinRate = (_, _, d, fraction) => 0.65 - ((d > 1 ? wide : narrow) * fraction),
        };
        Expect(Verdict.Supported, "wide-budgets-decline-more/dpo/M", Falls(0.3, 0.05));
        Expect(Verdict.Contradicted, "wide-budgets-decline-more/dpo/M", Falls(0.05, 0.3));
        Expect(Verdict.Inconclusive, "wide-budgets-decline-more/dpo/M", Falls(0.1, 0.1));
    }

    [Fact]
    public void Most_runs_peak_early()
    {
        SimulatedStudy Curve(Func<double, double> winRate) =>
            new() { Losses = ["dpo", "ipo", "slic"], WinRate = (_, _, _, fraction) => winRate(fraction) };
        Expect(Verdict.Supported, "most-peak-early/M", Curve(f => f <= 0.4 ? 0.65 : 0.4));
        Expect(Verdict.Contradicted, "most-peak-early/M", Curve(f => 0.3 + (0.4 * f)));
        Expect(Verdict.Inconclusive, "most-peak-early/M", Curve(_ => 0.5));
        Assert.EndsWith("of 9 runs", Decide("most-peak-early/M", Curve(_ => 0.5)).Reading, StringComparison.Ordinal);
        Assert.DoesNotContain(
            StudyClaims.Decide((Curve(_ => 0.5) with { Fractions = [0.5, 1] }).Build(), Options), c => c.Id == "most-peak-early/M");
    }

    [Fact]
    public void Constants_of_eq_5_depend_on_size_or_do_not()
    {
        SimulatedStudy Sizes(double step) => new()
        {
            Models = ["S", "M", "L"],
            Prompts = 1000,
            WinRate = (_, model, d, _) => 0.38 + (
                d * (0.3 + (step * "SML".IndexOf(model, StringComparison.Ordinal)) - (0.25 * Math.Log(d)))),
        };
        Expect(Verdict.Supported, "eq5-depends-on-size/dpo", Sizes(0.05));
        Expect(Verdict.Contradicted, "eq5-depends-on-size/dpo", Sizes(0));
        Expect(Verdict.Inconclusive, "eq5-depends-on-size/dpo", Sizes(0.004) with { Prompts = 256 });
    }

    [Fact]
    public void Eq_5_predicts_what_it_has_not_seen_or_does_not()
    {
        SimulatedStudy law = new() { Prompts = 1000, WinRate = (_, _, d, _) => 0.38 + (d * (0.35 - (0.3 * Math.Log(d)))) };
        foreach (string id in new[] { "eq5-accurate/sft", "eq5-accurate/sft/unseen-beta" })
        {
            Expect(Verdict.Supported, id, law);
            Expect(Verdict.Contradicted, id, law with { WinRate = (_, _, d, _) => 0.5 + (0.2 * Math.Sin(9 * d)) });
        }

        Expect(Verdict.Inconclusive, "eq5-accurate/sft/unseen-beta", law with { Prompts = 32 });
    }
}
