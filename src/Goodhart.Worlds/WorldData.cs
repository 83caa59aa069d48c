using System.Globalization;
using Goodhart.Engine.Randomness;

namespace Goodhart.Worlds;

/// <summary>
/// The world's data sets, all from one seed. Row i has its own random stream (seed, data set, i), so a larger set begins with the smaller.
/// </summary>
/// <param name="Seed">The study's seed.</param>
public sealed record WorldData(ulong Seed)
{
    /// <summary>How preference pairs, those held out included, are drawn and labelled.</summary>
    public PreferenceSampler Sampler { get; init; } = new();

    /// <summary>Text of all kinds of writers: what a base model learns from.</summary>
    public WorldExample[] Pretraining(int count) => Examples("world/pretraining", count, WritingHabits.Broad);

    /// <summary>Reference summaries to fine-tune on.</summary>
    public WorldExample[] Sft(int count) => Examples("world/sft", count, _ => WritingHabits.Human);

    /// <summary>Held-out posts with reference summaries. The same for every alignment seed.</summary>
    public WorldExample[] EvaluationPrompts(int count) => Examples("world/evaluation-prompts", count, _ => WritingHabits.Human);

    /// <summary>Held-out labelled pairs. The same for every alignment seed.</summary>
    public WorldPair[] HeldOutPairs(int count) => Pairs("world/held-out-pairs", count);

    /// <summary>Training pairs.</summary>
    /// <param name="alignmentSeed">Another seed, other pairs.</param>
    public WorldPair[] Preferences(int alignmentSeed, int count) =>
        Pairs(string.Create(CultureInfo.InvariantCulture, $"world/preferences/{alignmentSeed}"), count);

    private WorldExample[] Examples(string purpose, int count, Func<RandomStream, WritingHabits> habits) =>
        Rows(purpose, count, (id, random) =>
        {
            Post post = PostGenerator.Generate(random);
            return new WorldExample(id, post, SummaryWriter.Write(post, habits(random), random));
        });

    private WorldPair[] Pairs(string purpose, int count) =>
        Rows(purpose, count, (id, random) => Sampler.Draw(id, PostGenerator.Generate(random), random));

    private T[] Rows<T>(string purpose, int count, Func<int, RandomStream, T> row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ulong key = Philox.Key(Seed, purpose);
        T[] rows = new T[count];
        for (int id = 0; id < count; id++)
        {
            rows[id] = row(id, new RandomStream(key, (uint)id));
        }

        return rows;
    }
}
