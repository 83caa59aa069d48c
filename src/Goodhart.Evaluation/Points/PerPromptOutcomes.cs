namespace Goodhart.Evaluation.Points;

/// <summary>What one checkpoint did on each evaluation prompt. All checkpoints of a study see the same prompts in the same order, so
/// comparisons are paired.</summary>
/// <param name="Win">Share of the prompt's samples that beat the data set's response, ties one half: shape [prompts]; empty where nothing
/// has judged them.</param>
/// <param name="Kl">D_KL(π‖π_ref) on the prompt in nats per response, mean over its samples: shape [prompts].</param>
public sealed record PerPromptOutcomes(double[] Win, double[] Kl)
{
    /// <summary>The policy's response in tokens, EOS not counted, mean over its samples: shape [prompts]. Null where not
    /// measured.</summary>
    public double[]? Length { get; init; }

    /// <summary>Probability that a sample beats the data set's response if the policy's own implicit reward β·log π/π_ref were the true
    /// one, mean over its samples: shape [prompts]. Null where not computed.</summary>
    public double[]? ProxyWin { get; init; }

    /// <summary>The length of the data set's response, counted alike: shape [prompts].</summary>
    public double[]? DataLength { get; init; }
}

/// <summary>A checkpoint with its outcomes by prompt: what paired tests and the bootstrap over prompts need.</summary>
public sealed record EvaluatedCheckpoint(CheckpointPoint Point, PerPromptOutcomes Outcomes)
{
    /// <summary>The SFT model is a point too: its loss is empty.</summary>
    public bool IsSft => Point.Loss.Length == 0;

    /// <summary>Whether there is a win rate.</summary>
    public bool IsJudged => Point.WinRate is not null;

    /// <summary>The point's win rate.</summary>
    /// <exception cref="InvalidOperationException">Nothing has judged the checkpoint.</exception>
    public double WinRate => Point.WinRate ?? throw new InvalidOperationException(
        FormattableString.Invariant(
            $"{Point.Loss}/{Point.Model} β {Point.Beta} at {Point.Fraction} has no win rate: nothing has judged its responses."));

    /// <summary>Those with a win rate: what fits and most claims are about.</summary>
    public static IReadOnlyList<EvaluatedCheckpoint> Judged(IReadOnlyList<EvaluatedCheckpoint> checkpoints) =>
        [.. checkpoints.Where(checkpoint => checkpoint.IsJudged)];

    /// <summary>Throws unless all checkpoints have the same, non-zero number of prompts in both arrays; wins only where something has
    /// judged
    /// them.</summary>
    public static void RequireCommonPrompts(IReadOnlyList<EvaluatedCheckpoint> checkpoints)
    {
        int prompts = checkpoints.Count == 0 ? 0 : checkpoints[0].Outcomes.Kl.Length;
        foreach (EvaluatedCheckpoint checkpoint in checkpoints)
        {
            (int wins, int kls) = (checkpoint.Outcomes.Win.Length, checkpoint.Outcomes.Kl.Length);
            if ((checkpoint.IsJudged && wins != prompts) || kls != prompts || prompts < 2)
            {
                CheckpointPoint point = checkpoint.Point;
                throw new ArgumentException(
                    $"Paired comparisons need the same two or more prompts for every checkpoint: expected {prompts}, "
                    + FormattableString.Invariant($"{point.Loss}/{point.Model} β {point.Beta} at {point.Fraction} ")
                    + $"has {wins} wins and {kls} KLs.");
            }
        }
    }
}
