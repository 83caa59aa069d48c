using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;
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

    /// <summary>The same scatter as between two forests, on responses of 10 and 8 tokens in all.</summary>
    [Theory]
    [MemberData(nameof(Losses))]
    public void Bfloat16_explains_what_float32_does_not(string loss)
    {
        foreach (double beta in (double[])[0.01, 0.1, 1])
        {
            Check(loss, chosenOff: 0.03, rejectedOff: -0.03, Precision.BF16, beta);
            Assert.Throws<InvalidOperationException>(() => Check(loss, 0.03, -0.03, Precision.F32, beta));
        }
    }

    /// <summary>Three deviations of a mean over 4 responses are 0.07 nats here: another model is further off.</summary>
    [Theory]
    [MemberData(nameof(Losses))]
    public void Bfloat16_does_not_explain_another_model(string loss)
    {
        foreach ((double chosen, double rejected) in ((double, double)[])[(0.1, 0), (0, -0.1), (3, 3), (double.NaN, 0)])
        {
            Assert.Contains(
                "where rounding in bf16 explains rewards of 0.0071 and 0.0064",
                Assert.Throws<InvalidOperationException>(() => Check(loss, chosen, rejected, Precision.BF16)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_message_says_what_the_loss_must_be() => Assert.Contains(
        "the loss must be 0.693147", Assert.Throws<InvalidOperationException>(() => Check("dpo", 1, 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void Kto_has_half_the_mean_weight()
    {
        KtoLoss loss = new() { Beta = 0.1, DesirableWeight = 1, UndesirableWeight = 0.5 };
        KtoRow[] rows = [.. new[] { true, false }.Select(good => new KtoRow(new LabelledResponse(0, [1], new int[9], good), new int[9]))];
        StepZeroCheck.Require(loss, Report(0), rows, Precision.F32);
        StepZeroCheck.Require(loss, Report(0.1), rows, Precision.BF16);
        Assert.Throws<InvalidOperationException>(() => StepZeroCheck.Require(loss, Report(0.4), rows, Precision.BF16));
        Assert.StartsWith(
            "Step 0 of kto: the policy is the reference, so the loss must be 0.375 and the rewards 0; found ",
            Assert.Throws<InvalidOperationException>(() => StepZeroCheck.Require(loss, Report(0.1), rows, Precision.F32)).Message,
            StringComparison.Ordinal);

        KtoReport Report(double off) => KtoReport.From(loss, 0, [new(-3, -3, true), new(-4 + off, -4, false)], default);
    }

    private static void Check(string name, double chosenOff, double rejectedOff, Precision? precision = null, double beta = 0.1)
    {
        PreferenceLoss loss = LossCatalogue.Create(name, beta);
        PairLogProbs[] pairs =
        [
            .. Enumerable.Range(1, 4).Select(i => new PairLogProbs(-10 * i, -9, (-10 * i) + chosenOff, -9 + rejectedOff, i, 2)),
        ];
        PairGradient[] terms = new PairGradient[4];
        loss.Evaluate(pairs, terms);
        StepZeroCheck.Require(
            loss, PreferenceReport.From(loss, pairs, terms, default),
            [.. pairs.Select((pair, i) => new TokenizedPair(i, [1], new int[pair.ChosenLength], new int[pair.RejectedLength]))],
            precision ?? Precision.F32);
    }
}
