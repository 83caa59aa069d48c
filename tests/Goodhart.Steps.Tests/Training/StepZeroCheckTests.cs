using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Steps.Training;
using Xunit;

namespace Goodhart.Steps.Tests.Training;

/// <summary>A run whose reference log-probs belong to something else stops before it trains.</summary>
public sealed class StepZeroCheckTests
{
    public static TheoryData<string> Losses => ["dpo", "ipo", "ipo-code", "slic"];

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_reference_itself_passes_up_to_rounding(string loss)
    {
        Check(loss, chosenOff: 0, rejectedOff: 0);
        Check(loss, chosenOff: 2e-5, rejectedOff: -2e-5);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Log_probs_of_another_model_are_refused(string loss)
    {
        foreach ((double chosen, double rejected) in ((double, double)[])[(0.01, 0), (0, -0.01), (3, 3), (double.NaN, 0)])
        {
            string message = Assert.Throws<InvalidOperationException>(() => Check(loss, chosen, rejected)).Message;
            Assert.StartsWith($"Step 0 of {loss}: the policy is the reference", message, StringComparison.Ordinal);
            Assert.Contains("The reference log-probs belong to another model or to other rows.", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_message_says_what_the_loss_must_be() => Assert.Contains(
        "the loss must be 0.693147", Assert.Throws<InvalidOperationException>(() => Check("dpo", 1, 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void Kto_has_half_the_mean_weight()
    {
        KtoLoss loss = new() { Beta = 0.1, DesirableWeight = 1, UndesirableWeight = 0.5 };
        StepZeroCheck.Require(loss, Report(0));
        Assert.StartsWith(
            "Step 0 of kto: the policy is the reference, so the loss must be 0.375 and the rewards 0; found ",
            Assert.Throws<InvalidOperationException>(() => StepZeroCheck.Require(loss, Report(0.1))).Message,
            StringComparison.Ordinal);

        KtoReport Report(double off) => KtoReport.From(loss, 0, [new(-3, -3, true), new(-4 + off, -4, false)], default);
    }

    private static void Check(string name, double chosenOff, double rejectedOff)
    {
        PreferenceLoss loss = LossCatalogue.Create(name, 0.1);
        PairLogProbs[] pairs =
        [
            .. Enumerable.Range(1, 4).Select(i => new PairLogProbs(-10 * i, -9, (-10 * i) + chosenOff, -9 + rejectedOff, i, 2)),
        ];
        PairGradient[] terms = new PairGradient[4];
        loss.Evaluate(pairs, terms);
        StepZeroCheck.Require(loss, PreferenceReport.From(loss, pairs, terms, default));
    }
}
