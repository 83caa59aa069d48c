using Goodhart.Alignment.Losses;
using Xunit;

namespace Goodhart.Alignment.Tests.Losses;

public sealed class AotLossTests
{
    [Fact]
    public void Batches_match_sixty_digit_arithmetic()
    {
        GoldenBatch[] cases = GoldenLosses.Read<GoldenBatch[]>("batch_losses.json");
        Assert.Equal(16, cases.Length);
        Assert.All(cases, c =>
        {
            PreferenceLoss loss = LossCatalogue.Create(
                c.Name.Replace('_', '-'), c.Beta, new Dictionary<string, double> { ["label-smoothing"] = c.LabelSmoothing });
            int n = c.PolicyChosen.Length;
            PairLogProbs[] pairs =
            [
                .. Enumerable.Range(0, n).Select(i => new PairLogProbs(
                    c.PolicyChosen[i], c.PolicyRejected[i], c.ReferenceChosen[i], c.ReferenceRejected[i], 1, 1)),
            ];
            PairGradient[] terms = LossBatch.Terms(loss, pairs);
            Assert.Equal(c.MeanLoss, loss.BatchLoss(terms), 1e-14);
            for (int i = 0; i < n; i++)
            {
                Assert.Equal(c.GradPolicyChosen[i], terms[i].Chosen / n, 1e-14);
                Assert.Equal(c.GradPolicyRejected[i], terms[i].Rejected / n, 1e-14);
            }
        });
    }

    [Theory]
    [InlineData("aot")]
    [InlineData("aot-unpaired")]
    public void A_batch_of_one_is_dpo(string name)
    {
        PairLogProbs pair = LossBatch.Ordinary()[1];
        PairGradient expected = LossBatch.Term(new DpoLoss { Beta = 0.3 }, pair);
        PairGradient actual = LossBatch.Term(LossCatalogue.Create(name, 0.3), pair);
        Assert.Equal(expected.Loss, actual.Loss, 1e-14);
        Assert.Equal(expected.Chosen, actual.Chosen, 1e-14);
        Assert.Equal(expected.Rejected, actual.Rejected, 1e-14);
    }

    [Fact]
    public void Equal_values_keep_the_batchs_order()
    {
        PairLogProbs pair = new(-10, -12, -10, -13, 5, 5);
        PairLogProbs[] pairs = [pair, pair with { ReferenceRejected = -11 }];
        double[] terms = [.. LossBatch.Terms(LossCatalogue.Create("aot", 1), pairs).Select(term => term.Loss)];
        Assert.Equal([LogSpace.Softplus(-1), LogSpace.Softplus(1)], terms);   // sorted reference margins are 1 and 3
    }
}
