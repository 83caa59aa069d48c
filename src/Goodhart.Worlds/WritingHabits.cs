using Goodhart.Engine.Randomness;

namespace Goodhart.Worlds;

/// <summary>How a summary is written: probabilities of including things and of getting them wrong.</summary>
/// <param name="Include">Of a clause about an optional fact that the post tells.</param>
/// <param name="Error">Of a wrong word where the post tells the right one.</param>
/// <param name="Absent">Of a clause about a fact that the post does not tell (half of it for a like).</param>
/// <param name="Repeat">Of a repeated clause, per clause.</param>
/// <param name="Malformed">Of a broken clause, each.</param>
/// <param name="Detail">Of a clause about what the author likes, where the post tells it.</param>
public readonly record struct WritingHabits(double Include, double Error, double Absent, double Repeat, double Malformed, double Detail)
{
    /// <summary>The reference summaries: SFT data and the other side of the win rate.</summary>
    public static WritingHabits Human { get; } = Careless(1, include: 0.45, detail: 0.2);

    /// <summary>Pre-training text: any verbosity, half to two and a half times the human error rates.</summary>
    public static WritingHabits Broad(RandomStream random)
    {
        double carelessness = DrawCarelessness(random);
        double include = 0.05 + (0.85 * random.NextDouble());
        return Careless(carelessness, include, 0.1 + (0.25 * random.NextDouble()));
    }

    /// <summary>The pool that preference pairs are drawn from.</summary>
    public static WritingHabits Pool(RandomStream random)
    {
        double carelessness = DrawCarelessness(random);
        double include = 0.2 + (0.55 * random.NextDouble());
        return Careless(carelessness, include, 0.1);
    }

    private static double DrawCarelessness(RandomStream random) => 0.5 + (2 * random.NextDouble());

    private static WritingHabits Careless(double factor, double include, double detail) =>
        new(include, 0.06 * factor, 0.06 * factor, 0.03 * factor, 0.02 * factor, detail);
}
