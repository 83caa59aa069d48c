using Goodhart.Text.Tokenizers;
using Goodhart.Worlds;

namespace Goodhart.Steps.Rows;

/// <summary>The data sets of the synthetic world.</summary>
public enum WorldSet
{
    /// <summary>Text of all kinds of writers.</summary>
    Pretraining,

    /// <summary>Reference summaries to imitate.</summary>
    Sft,

    /// <summary>Pairs to train on, others for each alignment seed.</summary>
    Preferences,

    /// <summary>Pairs to measure on.</summary>
    HeldOutPairs,

    /// <summary>Held-out posts with their reference summaries.</summary>
    Prompts,
}

/// <summary>Rows of the synthetic world.</summary>
/// <param name="Seed">The world's.</param>
/// <param name="Count">The first so many.</param>
/// <param name="AlignmentSeed">Of <see cref="WorldSet.Preferences"/>; 0 for the others.</param>
public sealed record WorldRows(WorldSet Set, ulong Seed, int Count, int AlignmentSeed = 0) : RowSource
{
    /// <summary>Of <see cref="WorldSet.Prompts"/>, the rows that come before these; null: none do.</summary>
    public int? After { get; init; }

    /// <summary>Who labels the pairs, those held out included; null: the world's own annotators.</summary>
    public PreferenceSampler? Labeller { get; init; }

    public override string Name => $"the world's {Set switch
    {
        WorldSet.Pretraining => "texts",
        WorldSet.Sft => "demonstrations",
        WorldSet.Preferences => AlignmentSeed == 0 ? "pairs" : FormattableString.Invariant($"pairs of seed {AlignmentSeed}"),
        WorldSet.HeldOutPairs => "held-out pairs",
        _ => After is { } others ? FormattableString.Invariant($"held-out posts after the first {others}") : "held-out posts",
    }}";

    public override int LongestRow => TldrWorld.LongestRow;

    public override ITokenizer OpenTokenizer() => TldrWorld.Tokenizer;

    public override RowSource OfSeed(int alignmentSeed) =>
        Set == WorldSet.Preferences ? this with { AlignmentSeed = alignmentSeed } : this;

    public override RowPass Open() => new WorldPass(this);

    /// <summary>The posts of the rows, in their order.</summary>
    public IEnumerable<Post> Posts() => Set is WorldSet.Preferences or WorldSet.HeldOutPairs
        ? Pairs().Select(pair => pair.Post)
        : Examples().Select(example => example.Post);

    public IEnumerable<WorldPair> Pairs() => Set switch
    {
        WorldSet.Preferences => Data.Preferences(AlignmentSeed, Count),
        WorldSet.HeldOutPairs => Data.HeldOutPairs(Count),
        _ => throw new InvalidOperationException($"{Name} are no pairs."),
    };

    public IEnumerable<WorldExample> Examples() => Set switch
    {
        WorldSet.Pretraining => Data.Pretraining(Count),
        WorldSet.Sft => Data.Sft(Count),
        WorldSet.Prompts => Data.EvaluationPrompts((After ?? 0) + Count).Skip(After ?? 0),
        _ => throw new InvalidOperationException($"{Name} are pairs."),
    };

    private WorldData Data => Labeller is null ? new WorldData(Seed) : new WorldData(Seed) { Sampler = Labeller };
}
