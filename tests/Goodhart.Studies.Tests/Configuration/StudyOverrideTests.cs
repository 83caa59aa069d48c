using Goodhart.Engine.Optimizers;
using Goodhart.Studies.Configuration;
using Xunit;

namespace Goodhart.Studies.Tests.Configuration;

public sealed class StudyOverrideTests
{
    [Fact]
    public void Replaces_values_lists_and_elements()
    {
        StudyDefinition study = SampleStudy.Parse(
            "align.betas=[0.2, 0.4, 5e-2]", "models[0].layers=3", "align.losses[1]=slic", "seed=7",
            "sft.optimizer={name: rmsprop, alpha: 0.9, eps: 1e-6}");

        Assert.Equal([0.2, 0.4, 0.05], study.Align.Betas);
        Assert.Equal(3, ((SizedModel)study.Models[0]).Layers);
        Assert.Equal(["dpo", "slic"], study.Align.Losses);
        Assert.Equal(7UL, study.Seed);
        Assert.Equal(new RmsProp { Alpha = 0.9, Eps = 1e-6 }, study.Sft?.Optimizer);
    }

    [Fact]
    public void The_last_of_two_wins() => Assert.Equal(4, SampleStudy.Parse("seeds=[1]", "seeds=[4]").Seeds.Single());

    [Theory]
    [InlineData("align.beta=[0.1]", "--set align.beta=[0.1]: unknown key 'beta'. Did you mean 'betas'? Keys of align: losses, betas, "
        + "checkpoints, checkpointEvery, pairs, batchSize, optimizer, learningRate, warmupSteps, clipNorm, lora, remedies, "
        + "also.")]
    [InlineData("alignn.betas=[0.1]", "--set alignn.betas=[0.1]: unknown key 'alignn'. Did you mean 'align'? Keys of a study: name, "
        + "description, world, data, seed, models, pretrain, labeller, sft, align, rlhf, evaluate, judge, seeds, keep, tree, slurm.")]
    [InlineData("align.betas=[0.1, x]", "--set align.betas=[0.1, x]: align.betas[1]: expected a number > 0, found x.")]
    [InlineData("align.betas=", "--set align.betas=: expected a value after '='.")]
    [InlineData("align.betas", "--set align.betas: expected key=value with a key like align.betas or models[0].layers.")]
    [InlineData("models[1].layers=2", "--set models[1].layers=2: models has 1 entries, counted from 0; found [1].")]
    [InlineData("name[0]=2", "--set name[0]=2: name is tiny, not a list.")]
    [InlineData("name.x=2", "--set name.x=2: name is tiny and has no keys.")]
    public void Says_what_is_wrong(string setting, string message) =>
        Assert.Equal(message, SampleStudy.MessageOfText(SampleStudy.Text, setting));
}
