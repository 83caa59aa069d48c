using Goodhart.Evaluation.Points;

namespace Goodhart.Evaluation.Claims;

/// <summary>Why a study with PPO has no verdict on the paper's thesis.</summary>
public static class UndecidedRlhf
{
    /// <param name="checkpoints">Of the study.</param>
    /// <param name="claims">That could be decided.</param>
    public static IReadOnlyList<string> Reasons(IReadOnlyList<EvaluatedCheckpoint> checkpoints, IReadOnlyList<Claim> claims)
    {
        IReadOnlyList<CheckpointGroup> groups = CheckpointGroup.Split(EvaluatedCheckpoint.Judged(checkpoints));
        return
        [
            .. from ppo in groups
               where ppo.Loss == RlhfMethods.Ppo
               from direct in groups
               where direct.Model == ppo.Model && !RlhfMethods.Contains(direct.Loss) && claims.All(
                   claim => claim.Id != $"like-rlhf/{direct.Name}")
               select FormattableString.Invariant($"The claim like-rlhf/{direct.Name} is left out: ")
                   + "it compares the falls of the win rate over at least two bins of √KL that both reach; "
                   + FormattableString.Invariant($"{direct.Loss} has √KL {Range(direct)}, PPO {Range(ppo)}."),
        ];
    }

    private static string Range(CheckpointGroup group)
    {
        double[] distances = [.. group.Checkpoints.Select(checkpoint => checkpoint.Point.SqrtKl)];
        return FormattableString.Invariant($"{distances.Min():0.00} to {distances.Max():0.00}");
    }
}
