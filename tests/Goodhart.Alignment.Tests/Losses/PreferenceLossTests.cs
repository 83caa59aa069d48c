using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

public sealed class PreferenceLossTests
{
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

    private static PairLogProbs AtMargin(double margin) => new(margin, 0, 0, 0, 1, 1);

    private static PairGradient Term(PreferenceLoss loss, PairLogProbs pair) => LossBatch.Term(loss, pair);

    private static void Close(double expected, double actual, double tolerance = 1e-12) => Assert.True(
        Math.Abs(actual - expected) <= tolerance * Math.Abs(expected) || Math.Abs(actual - expected) <= tolerance * tolerance,
        $"expected {expected:R}, got {actual:R}");
}
