using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Length;

/// <summary>How hard each prompt is to win, by the other runs of a study: logit of the share of wins, shrunk by half a win and half a
/// loss, standardised over prompts; larger is easier.</summary>
/// <remarks>A run's own checkpoints are left out: their wins are what is explained.</remarks>
internal sealed class PromptDifficulty
{
    private readonly Dictionary<object, (double[] Wins, int Count)> byRun;
    private readonly double[] wins;
    private readonly int count;
    private readonly int fewest;

    /// <param name="checkpoints">Of a whole study, on common prompts; at least one.</param>
    public PromptDifficulty(IReadOnlyList<EvaluatedCheckpoint> checkpoints, LengthOptions options)
    {
        fewest = options.FewestOthers;
        byRun = checkpoints.GroupBy(RunOf).ToDictionary(run => run.Key, run => (Sum([.. run]), run.Count()));
        wins = Sum(checkpoints);
        count = checkpoints.Count;
    }

    /// <summary>Shape [prompts]; null where too few others exist or they do not tell prompts apart.</summary>
    public double[]? Without(EvaluatedCheckpoint checkpoint)
    {
        (double[] own, int ownCount) = byRun[RunOf(checkpoint)];
        int others = count - ownCount;
        if (others < fewest)
        {
            return null;
        }

        double[] logits =
            [.. wins.Select((sum, i) => Math.Log((sum - own[i] + 0.5) / (others - (sum - own[i]) + 0.5)))];
        double mean = logits.Average();
        double deviation = Math.Sqrt(logits.Sum(v => (v - mean) * (v - mean)) / (logits.Length - 1));
        return deviation > 1e-9 ? [.. logits.Select(v => (v - mean) / deviation)] : null;
    }

    private static object RunOf(EvaluatedCheckpoint checkpoint)
    {
        CheckpointPoint point = checkpoint.Point;
        return (point.Loss, point.Model, point.Beta, point.Seed);
    }

    private static double[] Sum(IReadOnlyList<EvaluatedCheckpoint> checkpoints)
    {
        double[] sum = new double[checkpoints[0].Outcomes.Win.Length];
        foreach (EvaluatedCheckpoint checkpoint in checkpoints)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += checkpoint.Outcomes.Win[i];
            }
        }

        return sum;
    }
}
