using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

/// <summary>What the golden numbers of the losses without a reference leave out: lengths, the NLL term, SLiC-HF.</summary>
public sealed class ReferenceFreeLossTests
{
    [Theory]
    [InlineData(-12, 1.0, 0, -0.1, 0)]        // a margin of 2 is beyond δ = 1: only the regulariser is left
    [InlineData(-9.5, 2.5, 1.5, -1.1, 1)]     // short of δ by 1.5
    public void Slic_hf_is_a_hinge_and_the_summed_nll(double rejected, double loss, double hinge, double chosenSlope, double rejectedSlope)
    {
        PairGradient term = LossBatch.Term(LossCatalogue.Create("slic-hf", 1), new(-10, rejected, -3, -4, 7, 9));
        Assert.Equal((loss, chosenSlope, rejectedSlope), (term.Loss, term.Chosen, term.Rejected));
        Assert.Equal(hinge, loss - (0.1 * 10));
    }

    [Fact]
    public void Simpo_takes_the_mean_log_prob_per_token()
    {
        PairGradient term = LossBatch.Term(LossCatalogue.Create("simpo", 2), new(-20, -30, -1, -1, 10, 20));
        double x = (2 * (-2 + 1.5)) - 0.5;
        Assert.Equal(new PairGradient(LogSpace.Softplus(-x), -2 * LogSpace.Sigmoid(-x) / 10, 2 * LogSpace.Sigmoid(-x) / 20), term);
    }

    [Fact]
    public void Cpo_and_orpo_add_the_mean_nll_of_the_chosen_response()
    {
        PairLogProbs pair = LossBatch.Ordinary()[0];
        foreach (string name in (string[])["cpo", "orpo"])
        {
            double Loss(double weight) => LossBatch.Term(
                LossCatalogue.Create(name, 0.3, new Dictionary<string, double> { ["nll-weight"] = weight }), pair).Loss;
            Assert.Equal(-0.7 * pair.PolicyChosen / pair.ChosenLength, Loss(0.7) - Loss(0), 1e-12);
        }
    }
}
