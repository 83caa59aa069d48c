using Goodhart.Models;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Worlds;

namespace Goodhart.Cli.Bench.Shapes;

/// <summary>A model of some size with the texts that such a model is measured on.</summary>
internal abstract record BenchShape(string Name)
{
    /// <summary>What posts of Reddit and their summaries are long, in GPT-NeoX tokens.</summary>
    public static (LengthSpread Prompt, LengthSpread Response) Tldr { get; } =
        (new NormalLength(400, 90, 128, 512), new NormalLength(37, 11, 16, 64));

    /// <summary>Pairs of a step where the caller names no number.</summary>
    public abstract int UsualBatch { get; }

    public abstract ModelConfig Config(Architecture architecture);

    public abstract BenchTexts Texts(int pairs, int prompts, bool tldr);
}

/// <summary>A model of the default study, on the world's own texts.</summary>
internal sealed record StudyShape(SizedModel Model) : BenchShape(Model.Name)
{
    public override int UsualBatch => 32;

    public override ModelConfig Config(Architecture architecture) =>
        new NewModel(Model.HiddenSize, Model.Layers, Model.Heads, Model.MaxPositions, Vocabulary: null, Seed: 0)
        {
            Architecture = architecture.Name,
        }.Config(TldrWorld.Tokenizer);

    /// <exception cref="ArgumentException">The world's texts have their own lengths.</exception>
    public override BenchTexts Texts(int pairs, int prompts, bool tldr) => tldr
        ? throw new ArgumentException($"--lengths tldr: shape {Name} is measured on the world's own texts, and knows no word of others.")
        : BenchTexts.OfWorld(pairs, prompts);
}

/// <summary>A model on random tokens.</summary>
internal sealed record TokenShape(
    string Name, int Layers, int HiddenSize, int Heads, int VocabSize, LengthSpread Prompt, LengthSpread Response, int Pairs)
    : BenchShape(Name)
{
    public TokenShape(string name, ModelDimensions size, int pairs)
        : this(name, size.Layers, size.HiddenSize, size.Heads, size.VocabSize, Tldr.Prompt, Tldr.Response, pairs)
    {
    }

    public override int UsualBatch => Pairs;

    public override ModelConfig Config(Architecture architecture) => architecture.Create(new ModelDimensions
    {
        HiddenSize = HiddenSize,
        Layers = Layers,
        Heads = Heads,
        VocabSize = VocabSize,
        MaxPositions = 2048,
    });

    public override BenchTexts Texts(int pairs, int prompts, bool tldr) =>
        BenchTexts.OfLengths(VocabSize, tldr ? Tldr.Prompt : Prompt, tldr ? Tldr.Response : Response, pairs, prompts);
}
