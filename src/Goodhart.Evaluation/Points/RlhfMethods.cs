namespace Goodhart.Evaluation.Points;

/// <summary>Methods of classical RLHF, which stand among a study's losses and learn from a reward model instead of pairs.</summary>
public static class RlhfMethods
{
    public const string Ppo = "ppo";

    public const string BestOfN = "best-of-n";

    public static IReadOnlyList<string> All { get; } = [Ppo, BestOfN];

    public static bool Contains(string loss) => All.Contains(loss);
}
