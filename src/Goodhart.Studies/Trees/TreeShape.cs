using System.Globalization;

namespace Goodhart.Studies.Trees;

/// <summary>The tree MDP of appendix E: from s1, <see cref="Depth"/> actions out of <see cref="Branching"/>, each to a state of its own;
/// the last leads to s∞. A trajectory is its actions.</summary>
/// <remarks>Trajectories are numbered by their actions read as a number in base <see cref="Branching"/>; states breadth first from 1, so
/// that the default tree has the paper's s1 to s13.</remarks>
public sealed record TreeShape
{
    /// <summary>More than these are neither drawn nor enumerated in reasonable time.</summary>
    public const int MostTrajectories = 2187;

    /// <param name="branching">Actions in every state, at least 2.</param>
    /// <param name="depth">Actions of a trajectory, at least 1.</param>
    /// <exception cref="ArgumentException">The tree is too large or no tree.</exception>
    public TreeShape(int branching, int depth)
    {
        double count = Math.Pow(branching, depth);
        if (branching < 2 || depth < 1 || count > MostTrajectories)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"tree: expected branching >= 2, depth >= 1 and at most {MostTrajectories} trajectories (branching^depth), found "
                    + $"{branching}^{depth}."));
        }

        (Branching, Depth, Trajectories) = (branching, depth, (int)count);
    }

    public int Branching { get; }

    public int Depth { get; }

    /// <summary>Branching to the power of depth: 27 in the paper.</summary>
    public int Trajectories { get; }

    public int[] Actions(int trajectory)
    {
        int[] actions = new int[Depth];
        for (int t = Depth - 1; t >= 0; t--, trajectory /= Branching)
        {
            actions[t] = trajectory % Branching;
        }

        return actions;
    }

    public int Index(params ReadOnlySpan<int> actions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(actions.Length, Depth);
        int index = 0;
        foreach (int action in actions)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(action);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(action, Branching);
            index = (index * Branching) + action;
        }

        return index;
    }

    /// <summary>Short form: "a1 a1 a0".</summary>
    public string Label(int trajectory) =>
        string.Join(' ', Actions(trajectory).Select(action => "a" + action.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The paper's form: "s1 a1 s3 a1 s9 a0 s∞".</summary>
    public string Path(int trajectory)
    {
        List<string> parts = [];
        int first = 1;
        int place = 0;
        int width = 1;
        foreach (int action in Actions(trajectory))
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"s{first + place} a{action}"));
            first += width;
            width *= Branching;
            place = (place * Branching) + action;
        }

        return string.Join(' ', parts) + " s∞";
    }
}
