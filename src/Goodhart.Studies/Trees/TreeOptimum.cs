using Goodhart.Studies.Trees.Tabular;

namespace Goodhart.Studies.Trees;

/// <summary>Where a loss ends on the tree with every pair compared and each label weighted by how often it is given: appendix E's
/// optima.</summary>
/// <param name="OutOfDistribution">Mass on trajectories that are neither demonstrated nor in a pair.</param>
/// <param name="Kl">To the SFT model, nats.</param>
/// <param name="Missed">
/// KL from there to where DPO ends with the study's own pairs alone, nats; the loss on these pairs is the same at both. Null for another
/// loss.
/// </param>
public sealed record TreeOptimum(string Loss, double Beta, double OutOfDistribution, double Kl, double? Missed)
{
    /// <summary>Reward between a trajectory and the next better one, nats: neighbours differ enough for SLiC's vertex.</summary>
    public const double Gap = 2;

    /// <summary>All pairs of more trajectories take too long for a table.</summary>
    private const int MostTrajectories = 729;

    /// <summary>From the first SFT model, for a reward that falls evenly along the order which labels the pairs.</summary>
    /// <returns>Of the losses whose optimum is known in closed form, by loss and β.</returns>
    public static IReadOnlyList<TreeOptimum> Of(TreeResults results)
    {
        TreeData data = results.Data();
        if (data.Places.Count > MostTrajectories)
        {
            return [];
        }

        double[] reference = [.. results.References[0].Probabilities.Select(p => Math.Log(Math.Max(p, float.Epsilon)))];
        double[] rewards = [.. data.Places.Select(place => -Gap * place)];
        return
        [
            .. results.Settings.Losses.SelectMany(loss => results.Settings.Betas.Select(
                beta => (Loss: loss, Beta: beta, Log: Minimiser(loss, reference, rewards, beta))))
                .Where(end => end.Log is not null)
                .Select(end => new TreeOptimum(
                    end.Loss, end.Beta, data.OutOfDistribution().Sum(k => Math.Exp(end.Log![k])), Minimisers.Kl(end.Log!, reference),
                    end.Loss == "dpo"
                        ? Minimisers.Kl(end.Log!, Minimisers.DpoWithoutCoverage(reference, rewards, data.Pairs(), end.Beta))
                        : null)),
        ];
    }

    private static double[]? Minimiser(string loss, double[] reference, double[] rewards, double beta) => loss switch
    {
        "dpo" => Minimisers.Dpo(reference, rewards, beta),
        "ipo" => Minimisers.Ipo(reference, TabularPair.All(rewards), beta),
        "ipo-code" => Minimisers.Ipo(reference, TabularPair.All(rewards), 2 * beta),
        "slic" => Minimisers.Slic(reference, rewards, beta),
        _ => null,
    };
}
