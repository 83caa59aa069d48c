using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

public sealed class PreferenceLossTests
{
    /// <summary>Our name, and the golden file's for the same formula.</summary>
    public static TheoryData<string, string> Names => new()
    {
        { "dpo", "dpo_sigmoid" },
        { "ipo", "ipo_paper" },
        { "ipo-code", "ipo_reference" },
        { "slic", "slic_hinge" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Matches_sixty_digit_arithmetic(string name, string golden)
    {
        GoldenPair[] cases = GoldenLosses.Read<Dictionary<string, GoldenPair[]>>("scalar_losses.json")[golden];
        Assert.Equal(62, cases.Length);
        Assert.Contains(cases, c => c.Extreme);
        Assert.All(cases, c =>
        {
            PairLogProbs pair = new(c.PolicyChosen, c.PolicyRejected, c.ReferenceChosen, c.ReferenceRejected, 1, 1);
            PairGradient term = Term(LossCatalogue.Create(name, c.Beta), pair);

            Close(c.Loss, term.Loss);
            Close(c.GradPolicyChosen, term.Chosen);
            Close(c.GradPolicyRejected, term.Rejected);

            // A log-ratio cannot be more exact than its log-probs: −50.0000001 is rounded to a double before it is subtracted from.
            double rounding = c.Beta * 2.3e-16;
            Assert.Equal(c.ChosenReward, c.Beta * pair.ChosenLogRatio, rounding * Math.Abs(c.PolicyChosen + c.ReferenceChosen));
            Assert.Equal(c.RejectedReward, c.Beta * pair.RejectedLogRatio, rounding * Math.Abs(c.PolicyRejected + c.ReferenceRejected));
        });
    }

    [Fact]
    public void Both_ipo_forms_match_and_are_related_as_stated()
    {
        GoldenIpo[] cases = GoldenLosses.Read<GoldenIpo[]>("ipo_relation.json");
        Assert.True(cases.Length > 20);
        Assert.All(cases, c =>
        {
            PairGradient paper = Term(new IpoLoss { Beta = c.Beta }, AtMargin(c.H));
            PairGradient code = Term(new IpoCodeLoss { Beta = c.Beta }, AtMargin(c.H));
            PairGradient codeAtHalfBeta = Term(new IpoCodeLoss { Beta = c.Beta / 2 }, AtMargin(c.H));

            Close(c.PaperForm, paper.Loss);
            Close(c.PaperGradDh, paper.Chosen);
            Close(c.ReferenceForm, code.Loss);
            Close(c.ReferenceGradDh, code.Chosen);
            Close(paper.Loss, c.Beta * c.Beta * codeAtHalfBeta.Loss);
            Close(paper.Chosen, c.Beta * c.Beta * codeAtHalfBeta.Chosen);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_matches_finite_differences(string name, string golden)
    {
        _ = golden;
        double[] margins = [-30, -3.1, -0.7, 0, 0.2, 1.9, 4.3, 25];   // none at SLiC's kink βΔ = 1 for the betas below
        foreach (double beta in (double[])[0.05, 0.4, 1.6])
        {
            PreferenceLoss loss = LossCatalogue.Create(name, beta);
            foreach (double margin in margins)
            {
                PairLogProbs pair = AtMargin(margin);
                PairGradient term = Term(loss, pair);
                Close(Difference(h => Term(loss, pair with { PolicyChosen = pair.PolicyChosen + h }).Loss), term.Chosen, 1e-8);
                Close(Difference(h => Term(loss, pair with { PolicyRejected = pair.PolicyRejected + h }).Loss), term.Rejected, 1e-8);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Extreme_margins_give_finite_values(string name, string golden)
    {
        _ = golden;
        foreach (double margin in (double[])[-1e5, -1e3, 1e3, 1e5])
        {
            foreach (double beta in (double[])[0.001, 1, 10])
            {
                PairGradient term = Term(LossCatalogue.Create(name, beta), AtMargin(margin));
                Assert.All([term.Loss, term.Chosen, term.Rejected], value => Assert.True(double.IsFinite(value), $"{margin} {term}"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_NaN_log_prob_gives_a_NaN_loss(string name, string golden)
    {
        _ = golden;
        Assert.Equal(double.NaN, Term(LossCatalogue.Create(name, 0.1), AtMargin(double.NaN)).Loss);
    }

    [Theory]
    [InlineData("dpo", 0.1, 0.6931471805599453)]
    [InlineData("ipo", 0.1, 1)]
    [InlineData("slic", 0.1, 1)]
    [InlineData("ipo-code", 0.1, 25)]   // 1/(4β²)
    [InlineData("ipo-code", 0.5, 1)]
    public void Value_at_the_reference_is_that_of_a_zero_margin(string name, double beta, double expected)
    {
        PreferenceLoss loss = LossCatalogue.Create(name, beta);
        Close(expected, loss.ValueAtReference!.Value);
        Assert.Equal(loss.ValueAtReference, Term(loss, new(-31.25, -44.5, -31.25, -44.5, 17, 12)).Loss);
    }

    [Fact]
    public void Slic_is_flat_from_its_kink_on()
    {
        SlicLoss loss = new() { Beta = 0.1 };
        Assert.Equal(new PairGradient(0, 0, 0), Term(loss, AtMargin(10)));
        Assert.Equal(-0.1, Term(loss, AtMargin(9.999)).Chosen);
    }

    [Fact]
    public void Batch_loss_is_the_mean_of_the_terms()
    {
        IpoLoss loss = new() { Beta = 1 };
        PairGradient[] terms = new PairGradient[3];
        loss.Evaluate([AtMargin(1), AtMargin(3), AtMargin(0)], terms);

        Assert.Equal([0, 4, 1], terms.Select(term => term.Loss));
        Assert.Equal(5.0 / 3, loss.BatchLoss(terms));
    }

    [Fact]
    public void Terms_must_match_pairs() => Assert.StartsWith(
        "dpo: expected one term per pair, got 2 pairs and 1 terms.",
        Assert.Throws<ArgumentException>(
            () => new DpoLoss { Beta = 1 }.Evaluate([AtMargin(0), AtMargin(1)], new PairGradient[1])).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Beta_must_be_positive(double beta) => Assert.Contains(
        "slic: expected a finite beta above 0",
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlicLoss { Beta = beta }).Message,
        StringComparison.Ordinal);

    private static PairLogProbs AtMargin(double margin) => new(margin, 0, 0, 0, 1, 1);

    private static PairGradient Term(PreferenceLoss loss, PairLogProbs pair)
    {
        PairGradient[] term = new PairGradient[1];
        loss.Evaluate([pair], term);
        return term[0];
    }

    private static double Difference(Func<double, double> f)
    {
        const double Step = 1e-2;
        return ((8 * (f(Step) - f(-Step))) - (f(2 * Step) - f(-2 * Step))) / (12 * Step);
    }

    private static void Close(double expected, double actual, double tolerance = 1e-12) => Assert.True(
        Math.Abs(actual - expected) <= tolerance * Math.Abs(expected) || Math.Abs(actual - expected) <= tolerance * tolerance,
        $"expected {expected:R}, got {actual:R}");
}
