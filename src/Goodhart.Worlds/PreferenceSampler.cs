using Goodhart.Alignment.Losses;
using Goodhart.Engine.Randomness;

namespace Goodhart.Worlds;

/// <summary>
/// Draws labelled pairs: two different summaries of the annotation pool, the preferred one drawn by Bradley-Terry on the gold reward with a
/// small bias for length, P(a over b) = σ((R(a) − R(b))/τ + δ(|a| − |b|)), and flipped by chance in a share ε of all pairs.
/// </summary>
public sealed record PreferenceSampler
{
    /// <summary>τ: the annotators' noise, in units of the reward.</summary>
    public double Temperature { get; init; } = 1.25;

    /// <summary>δ: the annotators' bias per token of length; 0 gives pure Bradley-Terry labels.</summary>
    public double LengthBias { get; init; } = 0.06;

    /// <summary>ε in [0, 1]: share of labels that are turned round whatever the reward says; at ½ they say nothing.</summary>
    public double Noise { get; init; }

    /// <summary>P(a is preferred to b).</summary>
    public double Probability(GoldScore a, GoldScore b)
    {
        double meant = LogSpace.Sigmoid(
            ((a.Hundredths - b.Hundredths) / (100 * Temperature)) + (LengthBias * (a.Length - b.Length)));

        // Without noise the same bits as ever: (1 − 2·0)·p + 0 is p.
        return ((1 - (2 * Noise)) * meant) + Noise;
    }

    /// <summary>The next pair of a stream.</summary>
    public WorldPair Draw(int id, Post post, RandomStream random)
    {
        while (true)
        {
            int[] a = SummaryWriter.Write(post, WritingHabits.Pool(random), random);
            int[] b = SummaryWriter.Write(post, WritingHabits.Pool(random), random);
            if (!a.AsSpan().SequenceEqual(b))
            {
                GoldScore goldA = GoldReward.Score(post, a);
                GoldScore goldB = GoldReward.Score(post, b);
                return random.NextDouble() < Probability(goldA, goldB)
                    ? new(id, post, a, b, goldA, goldB)
                    : new(id, post, b, a, goldB, goldA);
            }
        }
    }
}
