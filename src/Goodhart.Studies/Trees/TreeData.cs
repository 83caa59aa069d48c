using System.Globalization;
using Goodhart.Engine.Randomness;

namespace Goodhart.Studies.Trees;

/// <summary>What a policy on the tree is trained on, as trajectory numbers. What is in neither list is out of distribution.</summary>
/// <param name="Demonstrations">For SFT; distinct.</param>
/// <param name="Preferences">For alignment; distinct pairs.</param>
public sealed record TreeData(
    TreeShape Shape, IReadOnlyList<int> Demonstrations, IReadOnlyList<TreePreference> Preferences)
{
    /// <summary>By trajectory, its place in the order of merit that labels pairs: 0 is the best.</summary>
    public required IReadOnlyList<int> Places { get; init; }

    /// <summary>Trajectories of the preference pairs, ascending.</summary>
    public IReadOnlyList<int> Pairs() => [.. Preferences.SelectMany(pair => new[] { pair.Chosen, pair.Rejected }).Distinct().Order()];

    /// <summary>Neither a demonstration nor in a pair, ascending. In the paper both trajectories of the pair are demonstrations, so 24
    /// of 27.</summary>
    public IReadOnlyList<int> OutOfDistribution() =>
        [.. Enumerable.Range(0, Shape.Trajectories).Except(Demonstrations).Except(Pairs())];

    /// <summary>The paper's demonstrations and preference first, further ones drawn at random.</summary>
    /// <remarks>
    /// Demonstrations: a0 throughout; a1 with a last a0; a2 throughout (where there are that many actions). First preference: the second
    /// demonstration over the first. Further pairs are labelled by one random order of all trajectories that agrees with the first pair, so
    /// the preferences never contradict each other.
    /// </remarks>
    /// <param name="seed">Of what is drawn.</param>
    /// <exception cref="ArgumentException">More asked for than there are.</exception>
    public static TreeData Create(TreeShape shape, int demonstrations, int preferences, ulong seed)
    {
        int n = shape.Trajectories;
        Require(demonstrations, 1, n, "demonstrations");
        Require(preferences, 1, n * (n - 1) / 2, "preferences");
        int rejected = shape.Index(Enumerable.Repeat(0, shape.Depth).ToArray());
        int chosen = shape.Index([.. Enumerable.Repeat(1, shape.Depth - 1), shape.Depth == 1 ? 1 : 0]);
        List<int> known = [rejected, chosen];
        if (shape.Branching > 2)
        {
            known.Add(shape.Index(Enumerable.Repeat(2, shape.Depth).ToArray()));
        }

        int[] others = new RandomStream(seed, "tree/demonstrations", item: 0).Permutation(n);
        int[] demonstrated = [.. known.Concat(others).Distinct().Take(demonstrations)];
        int[] places = Merit(n, chosen, rejected, seed);
        return new TreeData(shape, demonstrated, [.. Pairs(places, new TreePreference(chosen, rejected), seed).Take(preferences)])
        {
            Places = places,
        };
    }

    /// <summary>A random order; the two of the first pair trade places where it says otherwise.</summary>
    private static int[] Merit(int n, int chosen, int rejected, ulong seed)
    {
        int[] place = new RandomStream(seed, "tree/order", item: 0).Permutation(n);
        if (place[chosen] > place[rejected])
        {
            (place[chosen], place[rejected]) = (place[rejected], place[chosen]);
        }

        return place;
    }

    private static IEnumerable<TreePreference> Pairs(int[] place, TreePreference first, ulong seed)
    {
        yield return first;
        int n = place.Length;
        foreach (int code in new RandomStream(seed, "tree/preferences", item: 0).Permutation(n * n))
        {
            (int a, int b) = (code / n, code % n);
            TreePreference pair = place[a] < place[b] ? new(a, b) : new(b, a);
            if (a < b && pair != first)
            {
                yield return pair;
            }
        }
    }

    private static void Require(int found, int least, int most, string what)
    {
        if (found < least || found > most)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"--{what}: expected {least} to {most} for this tree, found {found}."));
        }
    }
}

/// <summary>One preference: trajectory numbers.</summary>
public readonly record struct TreePreference(int Chosen, int Rejected);
