using Goodhart.Alignment.Losses;

namespace Goodhart.Alignment.Rewards;

/// <summary>Eq. (2), the Bradley-Terry likelihood of Eq. (1): −log σ(r_w − r_l − margin).</summary>
/// <remarks>A margin (Llama 2, section 3.2.2) asks clearly better responses to be scored clearly higher; 0 where the data has
/// none.</remarks>
public static class RewardLoss
{
    /// <returns>The loss in nats and its derivative by r_w − r_l, which is −σ(−(r_w − r_l − margin)).</returns>
    public static (double Loss, double Slope) Evaluate(double chosen, double rejected, double margin = 0)
    {
        double x = chosen - rejected - margin;
        return (-LogSpace.LogSigmoid(x), -LogSpace.Sigmoid(-x));
    }
}
