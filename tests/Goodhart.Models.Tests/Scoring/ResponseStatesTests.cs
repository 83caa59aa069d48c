using Goodhart.Engine.Cpu;
using Goodhart.Engine.Randomness;
using Goodhart.Models.Scoring;
using Goodhart.Models.Tests.Sampling;
using Xunit;

namespace Goodhart.Models.Tests.Scoring;

public sealed class ResponseStatesTests
{
    [Fact]
    public void A_responses_mean_is_over_the_states_that_predict_its_tokens()
    {
        using CpuDevice device = new(1);
        using LanguageModel model = SmallModel.Create(device, parallel: true, training: false);
        RandomStream random = new(1, "states", 0);
        int[] prompt = SmallModel.Tokens(random, 5);
        int[] response = SmallModel.Tokens(random, 3);
        using ResponseStates states = new(model);
        double[] whole = states.Means([new PromptTree(prompt, [response, response[..1]])])[0][0];

        // What predicts one token alone is the state at the end of what stands before it.
        double[][] alone =
        [
            .. Enumerable.Range(0, 3).Select(
                i => states.Means([new PromptTree([.. prompt, .. response[..i]], [response[i..(i + 1)]])])[0][0]),
        ];
        Assert.Equal(model.Config.HiddenSize, whole.Length);
        for (int i = 0; i < whole.Length; i++)
        {
            Assert.Equal(alone.Average(state => state[i]), whole[i], 1e-5);
        }

        Assert.Contains(whole, value => Math.Abs(value) > 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void The_row_budget_changes_nothing(int rowBudget)
    {
        using CpuDevice device = new(1);
        using LanguageModel model = SmallModel.Create(device, parallel: true, training: false);
        PromptTree[] trees =
        [
            .. Enumerable.Range(0, 4).Select(i =>
            {
                RandomStream random = new(2, "states", (uint)i);
                return new PromptTree(SmallModel.Tokens(random, 2 + i), [SmallModel.Tokens(random, 4), SmallModel.Tokens(random, 1 + i)]);
            }),
        ];
        using ResponseStates few = new(model, rowBudget);
        using ResponseStates all = new(model, 4000);
        foreach ((double[][] mine, double[][] theirs) in few.Means(trees).Zip(all.Means(trees)))
        {
            Assert.Equal(theirs[0], mine[0]);
            Assert.Equal(theirs[1], mine[1]);
        }
    }
}
