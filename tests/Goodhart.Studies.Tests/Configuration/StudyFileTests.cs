using Goodhart.Alignment.Losses;
using Goodhart.Engine.Optimizers;
using Goodhart.Evaluation.Points;
using Goodhart.Studies.Configuration;
using Xunit;

namespace Goodhart.Studies.Tests.Configuration;

public sealed class StudyFileTests
{
    [Fact]
    public void Binds_every_key()
    {
        StudyDefinition study = SampleStudy.Parse();

        Assert.Equal(("tiny", "", "tldr", 0UL), (study.Name, study.Description, study.World, study.Seed));
        Assert.Equal([new SizedModel("S", 48, 2, 2, 256, 3e-3)], study.Models);
        Assert.Equal(
            new PretrainDefinition(640, 1, 32, new AdamW { Beta1 = 0.9, Beta2 = 0.95, Eps = 1e-8, WeightDecay = 0 }, 99, 1, 0.2),
            study.Pretrain);
        Assert.Equal(
            new SftDefinition(
                256,
                1,
                32,
                new AdamW { Beta1 = 0.9, Beta2 = 0.95, Eps = 1e-8, WeightDecay = 0.01 },
                2e-4,
                49,
                10,
                SftReduction.SequenceMean), study.Sft);
        Assert.Equal(["dpo", "ipo-code"], study.Align.Losses);
        Assert.Equal([0.1, 0.8], study.Align.Betas);
        Assert.Equal([0.5, 1], study.Align.Checkpoints);
        Assert.Equal((256, 32, 29), (study.Align.Pairs, study.Align.BatchSize, study.Align.WarmupSteps));
        Assert.Equal((2e-4, 10), (study.Align.LearningRate, study.Align.ClipNorm));
        Assert.Equal(new RmsProp { Alpha = 0.99, Eps = 1e-8 }, study.Align.Optimizer);
        Assert.Equal(new EvaluateDefinition(16, 1, 24, 1, 2, 16), study.Evaluate);
        Assert.Equal([0, 3], study.Seeds);
        Assert.Equal(new GoldJudgeDefinition(0), study.Judge);
        Assert.Equal(KeepPolicy.Weights, study.Keep);
    }

    [Fact]
    public void A_misspelled_key_is_named_with_its_place_and_the_nearest_key() => Assert.Equal(
        """
        tiny.yaml:20:1: missing key 'betas' in align: expected a list.
        tiny.yaml:22:3: unknown key 'beta'. Did you mean 'betas'? Keys of align: losses, betas, checkpoints, checkpointEvery, pairs, batchSize, optimizer, learningRate, warmupSteps, clipNorm, lora, remedies, also.
        """,
        SampleStudy.MessageOf("betas:", "beta:"));

    [Theory]
    [InlineData("keep: weights", "keep: weight", "tiny.yaml:38:7: keep: expected one of all, weights, final, none, found weight. Did you "
        + "mean 'weights'?")]
    [InlineData("hiddenSize: 48", "hiddenSize: big", "tiny.yaml:4:28: models[0].hiddenSize: expected a whole number >= 4, found big.")]
    [InlineData(
        "hiddenSize: 48", "hiddenSize: '48'", "tiny.yaml:4:28: models[0].hiddenSize: expected a whole number >= 4, found the text '48'.")]
    [InlineData("heads: 2,", "heads: 5,", "tiny.yaml:4:50: models[0].heads: expected a divisor of hiddenSize (48), found 5.")]
    [InlineData("heads: 2,", "heads: 16,", "tiny.yaml:4:50: models[0].heads: expected heads of an even size, at least 4, found hiddenSize "
        + "/ heads = 3: rotary embedding turns pairs of dimensions.")]
    [InlineData("betas: [0.1, 0.8]", "betas: [0.1, -1]", "tiny.yaml:22:16: align.betas[1]: expected a number > 0, found -1.")]
    [InlineData("betas: [0.1, 0.8]", "betas: [0.1, .nan]", "tiny.yaml:22:16: align.betas[1]: expected a number > 0, found .nan.")]
    [InlineData("betas: [0.1, 0.8]", "betas: [0.1, 0.1]", "tiny.yaml:22:10: align.betas: expected each once, found 0.1 more than once.")]
    [InlineData("betas: [0.1, 0.8]", "betas: []", "tiny.yaml:22:10: align.betas: expected a list of at least one, found an empty list.")]
    [InlineData("betas: [0.1, 0.8]", "betas: 0.1", "tiny.yaml:22:10: align.betas: expected a list of at least one, found 0.1.")]
    [InlineData("[dpo, ipo-code]", "[dpo, ipocode]", "tiny.yaml:21:17: align.losses[1]: expected one of LOSSES, found ipocode. Did you "
        + "mean 'ipo-code'?")]
    [InlineData("[dpo, ipo-code]", "[dpo, kto]", "tiny.yaml:21:11: align.losses: kto trains on single responses with labels, and a study "
        + "has pairs: kto-pair is KTO on pairs, `goodhart align` takes kto.")]
    [InlineData("[0.5, 1.0]", "[0.5, 0.2, 1]", "tiny.yaml:23:16: align.checkpoints: expected ascending fractions, found 0.5, 0.2, 1.")]
    [InlineData("[0.5, 1.0]", "[0.2, 0.5]", "tiny.yaml:23:16: align.checkpoints: expected 1 as the last fraction, found 0.2, 0.5.")]
    [InlineData(
        "[0.5, 1.0]", "[0.5, 1.5]", "tiny.yaml:23:22: align.checkpoints[1]: expected a fraction of the epoch in (0, 1], found 1.5.")]
    [InlineData("[0.5, 1.0]", "[0.01, 1.0]", "tiny.yaml:23:16: align.checkpoints: expected at least one update before each, found updates "
        + "0, 8 of the 8 in an epoch; use fewer checkpoints or more pairs.")]
    [InlineData("pairs: 256", "pairs: 31", "tiny.yaml:25:14: align.batchSize: expected at most pairs (31), found 32.")]
    [InlineData("examples: 640", "examples: 8", "tiny.yaml:7:14: pretrain.batchSize: expected at most examples (8), found 32.")]
    [InlineData("prompts: 16", "prompts: 1", "tiny.yaml:31:12: evaluate.prompts: expected a whole number >= 2, found 1.")]
    [InlineData("prompts: 16", "prompts:", "tiny.yaml:31:11: evaluate.prompts: expected a whole number >= 2, found nothing.")]
    [InlineData("world: tldr", "world: tdlr", "tiny.yaml:2:8: world: expected tldr, found tdlr. Did you mean 'tldr'?")]
    [InlineData("name: tiny", "name: a/b", "tiny.yaml:1:7: name: expected a name of letters, digits, '.', '-' and '_', found a/b.")]
    [InlineData("seeds: [0, 3]", "seeds: [0, -3]", "tiny.yaml:37:12: seeds[1]: expected a whole number >= 0, found -3.")]
    [InlineData("seeds: [0, 3]", "seeds: [3, 3]", "tiny.yaml:37:8: seeds: expected each once, found 3 more than once.")]
    [InlineData("name: rmsprop", "name: rmspop", "tiny.yaml:26:22: align.optimizer.name: expected one of rmsprop, adam, adamw, found "
        + "rmspop. Did you mean 'rmsprop'?")]
    [InlineData("keep: weights", "keep: weights\nSeed: 1", "tiny.yaml:39:1: unknown key 'Seed'. Did you mean 'seed'? Keys of a study: "
        + "name, description, world, data, seed, models, pretrain, labeller, sft, align, rlhf, evaluate, judge, seeds, keep, tree, slurm.")]
    public void Says_what_was_expected_and_found(string piece, string replacement, string message) =>
        Assert.Equal(WithLosses(message), SampleStudy.MessageOf(piece, replacement));

    [Fact]
    public void An_option_of_another_optimizer_is_an_unknown_key() => Assert.Equal(
        """
        tiny.yaml:26:3: missing key 'alpha' in align.optimizer: expected a number in [0, 1).
        tiny.yaml:26:31: unknown key 'beta1'. Keys of align.optimizer: name, alpha, eps.
        """,
        SampleStudy.MessageOf("rmsprop, alpha", "rmsprop, beta1"));

    [Fact]
    public void Models_share_no_name() => Assert.Equal(
        "tiny.yaml:4:3: models: expected each once, found S more than once.",
        SampleStudy.MessageOf("models:", "models:\n  - { name: S, hiddenSize: 24, layers: 1, heads: 1, pretrainLearningRate: 1e-3 }"));

    [Theory]
    [InlineData("- { models: [S, T] }", "tiny.yaml:4:3: models: align.also names the model T; there are S.")]
    [InlineData("- { model: [S] }", "tiny.yaml:31:9: unknown key 'model'. Did you mean 'models'? Keys of align.also[0]: models, losses, "
        + "betas, seeds, remedies, parameters.")]
    [InlineData("- { losses: [dpa] }", "tiny.yaml:31:18: align.also[0].losses[0]: expected one of LOSSES, found dpa. Did you mean 'dpo'?")]
    public void A_further_grid_names_what_there_is(string also, string message) => Assert.Equal(
        WithLosses(message), SampleStudy.MessageOf("  clipNorm: 10\nevaluate:", $"  clipNorm: 10\n  also:\n    {also}\nevaluate:"));

    [Fact]
    public void A_key_given_twice_is_refused_where_it_comes_again() => Assert.StartsWith(
        "tiny.yaml:2:1: not valid YAML: Duplicate key", SampleStudy.MessageOf("world: tldr", "name: again"), StringComparison.Ordinal);

    [Fact]
    public void A_missing_mapping_is_one_mistake_and_not_six()
    {
        string text = SampleStudy.Text[..SampleStudy.Text.IndexOf("evaluate:", StringComparison.Ordinal)] + "seeds: [0]\nkeep: none\n";
        Assert.Equal("tiny.yaml:1:1: missing key 'evaluate': expected a mapping.", SampleStudy.MessageOfText(text));
    }

    [Theory]
    [InlineData("", "tiny.yaml: expected a study (name, world, models, ...), found an empty file.")]
    [InlineData("[1, 2]", "tiny.yaml:1:1: expected a study (name, world, models, ...), found a list of 2.")]
    [InlineData("name: a\n---\nname: b", "tiny.yaml: expected a study (name, world, models, ...), found 2 YAML documents.")]
    public void Refuses_what_is_no_study(string text, string message) => Assert.Equal(message, SampleStudy.MessageOfText(text));

    [Fact]
    public void Broken_yaml_is_refused_with_its_place() =>
        Assert.StartsWith("tiny.yaml:3:", SampleStudy.MessageOfText("name: tiny\nmodels: [1,\n"), StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_names_the_presets()
    {
        string message = Assert.Throws<FileNotFoundException>(() => StudyFile.Load("no-such.yaml")).Message;
        Assert.Equal(
            "no study file no-such.yaml; name a YAML file, or use --preset with one of alarms, default, pythia-tldr-clean, pythia-tldr-paper, "
                + "quick, quick-llama, remedies, rlhf-vs-daa, smoke.",
            message);
    }

    private static string WithLosses(string message) => message.Replace(
        "LOSSES", string.Join(", ", LossCatalogue.OnPairs.Select(loss => loss.Name).Concat(RlhfMethods.All)), StringComparison.Ordinal);
}
