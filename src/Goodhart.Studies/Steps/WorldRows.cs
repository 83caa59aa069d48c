using System.Collections.Concurrent;
using Goodhart.Studies.Theory;
using Goodhart.Studies.Worlds;

namespace Goodhart.Studies.Steps;

/// <summary>The world's data sets, each generated once per process: generation is cheap, and hundreds of steps share a set.</summary>
public sealed class WorldRows
{
    private readonly ConcurrentDictionary<(ulong Seed, string Set, int Seed2, int Count), Lazy<object>> sets = new();

    private readonly ConcurrentDictionary<PairSource, Lazy<WorldBootstrap>> bootstraps = new();

    public WorldExample[] Pretraining(ulong seed, int count) => Get(seed, "pretraining", 0, count, data => data.Pretraining(count));

    public WorldExample[] Sft(ulong seed, int count) => Get(seed, "sft", 0, count, data => data.Sft(count));

    public WorldExample[] EvaluationPrompts(ulong seed, int count) =>
        Get(seed, "evaluation", 0, count, data => data.EvaluationPrompts(count));

    public WorldPair[] Pairs(PairSource source) => source.HeldOut
        ? Get(source.WorldSeed, "held-out", 0, source.Count, data => data.HeldOutPairs(source.Count))
        : Get(source.WorldSeed, "preferences", source.AlignmentSeed, source.Count, data => data.Preferences(source.AlignmentSeed, source.Count));

    /// <summary>What training pairs show of each prefix; made once for all checkpoints of a seed.</summary>
    public WorldBootstrap Bootstrap(PairSource source) => bootstraps.GetOrAdd(
        source, _ => new Lazy<WorldBootstrap>(() => new WorldBootstrap(Pairs(source)))).Value;

    private T Get<T>(ulong seed, string set, int alignmentSeed, int count, Func<WorldData, T> generate)
        where T : class =>
        (T)sets.GetOrAdd((seed, set, alignmentSeed, count), _ => new Lazy<object>(() => generate(new WorldData(seed)))).Value;
}

/// <summary>Which labelled pairs of the world: as part of a step's key.</summary>
/// <param name="HeldOut">The held-out set, which no alignment seed changes; <paramref name="AlignmentSeed"/> is then 0.</param>
public sealed record PairSource(ulong WorldSeed, int AlignmentSeed, int Count, bool HeldOut);
