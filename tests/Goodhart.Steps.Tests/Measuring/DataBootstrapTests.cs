using Goodhart.Engine.Cpu;
using Goodhart.Evaluation.Theory.SoftQ;
using Goodhart.Models;
using Goodhart.Models.GptNeoX;
using Goodhart.Steps.Measuring;
using Goodhart.Text.Data;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Steps.Tests.Measuring;

/// <summary>Eq. (11)'s unseen share on the synthetic world, with a model that has learned nothing.</summary>
public sealed class DataBootstrapTests : IDisposable
{
    private readonly CpuDevice device = new(2);
    private readonly LanguageModel model;
    private readonly TokenizedPair[] pairs = Tokens(new WorldData(0).Preferences(0, 40));

    public DataBootstrapTests()
    {
        GptNeoXConfig config = new()
        {
            VocabSize = TldrWorld.Tokenizer.VocabularySize,
            HiddenSize = 16,
            Layers = 1,
            Heads = 2,
            IntermediateSize = 32,
            MaxPositions = 128,
            BosTokenId = null,
            EosTokenId = TldrWorld.Eos,
            PadTokenId = TldrWorld.Pad,
        };
        model = config.Create(device, training: false);
        WeightInitializer.Initialize(model, 0);

        // Equal logits: the share is then a count of tokens.
        device.Ops.Zero(model.Unembedding.Value);
    }

    public void Dispose()
    {
        model.Dispose();
        device.Dispose();
    }

    [Fact]
    public void At_a_prefix_all_tokens_but_the_pairs_are_unseen()
    {
        BootstrappedShare share = new DataBootstrap(pairs, measured: 10).Measure(model, pairs)!.AtPrefix;
        double vocabulary = TldrWorld.Tokenizer.VocabularySize;
        Assert.Equal(1, share.Covered);
        Assert.InRange(share.UnseenShare!.Value.Mean, 1 - (2 / vocabulary), 1 - (1 / vocabulary));
        Assert.Equal(Math.Log(vocabulary), share.GapNats.Mean, 1e-6);
        Assert.Equal(10, share.GapNats.Count);
        Assert.Equal(PrefixReading.Top / vocabulary, share.TopMass!.Value.Mean, 1e-6);
    }

    [Fact]
    public void Held_out_prompts_are_reached_only_by_the_looser_sense()
    {
        TokenizedPair[] heldOut = Tokens(new WorldData(0).HeldOutPairs(10));
        BootstrappedShare loose = new DataBootstrap(pairs).Measure(model, heldOut)!.AfterRecent;
        Assert.InRange(loose.Covered, 0.5, 0.999);
        Assert.InRange(loose.UnseenShare!.Value.Mean, 0.5, 0.99);

        using ModelLogits logits = new(model);
        Assert.Equal(0, BootstrappedShare.Measure(
            logits, heldOut, SeenAtPrefix.Of(pairs)).Covered);
    }

    [Fact]
    public void Responses_of_one_token_have_nothing_to_bootstrap_on() =>
        Assert.Null(new DataBootstrap([new TokenizedPair(0, [5], [1], [1])]).Measure(model, pairs));

    private static TokenizedPair[] Tokens(WorldPair[] rows) => Array.ConvertAll(rows, row => row.Tokens);
}
