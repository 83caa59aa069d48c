using Goodhart.Alignment.PolicyGradient;
using Xunit;

namespace Goodhart.Alignment.Tests.PolicyGradient;

public sealed class KlEstimatorTests
{
    private const double Beta = 0.3;
    private static readonly double[] Reference = [0.5, 0.3, 0.15, 0.05];
    private static readonly double[] Rewards = [0.1, 0.4, -0.2, 0.9];
    private static readonly KlEstimator[] Both = [new K1Estimator(), new K3Estimator()];

    [Fact]
    public void Both_have_the_divergence_for_their_mean_and_k3_is_never_negative()
    {
        double[] policy = [0.1, 0.2, 0.3, 0.4];
        double kl = policy.Zip(Reference, (p, q) => p * Math.Log(p / q)).Sum();
        Assert.All(Both, estimator => Assert.Equal(kl, policy.Zip(Reference, (p, q) => p * estimator.Of(Math.Log(p / q))).Sum(), 12));
        Assert.All(policy.Zip(Reference), pair => Assert.True(new K3Estimator().Of(Math.Log(pair.First / pair.Second)) >= 0));
        Assert.Equal(0, new K3Estimator().Of(0));
    }

    /// <summary>A bandit over four responses, exactly: what a policy gradient with the penalty in its reward stands still at.</summary>
    [Fact]
    public void In_the_reward_only_k1_stands_still_at_the_optimum_of_equation_3()
    {
        double[] weights = [.. Reference.Zip(Rewards, (q, r) => q * Math.Exp(r / Beta))];
        double[] optimum = [.. weights.Select(w => w / weights.Sum())];
        Assert.All(Gradient(optimum, new K1Estimator()), slope => Assert.Equal(0, slope, 12));

        // k3 lacks the reference's pull: what remains is β(π* − π_ref), away from the reference.
        Assert.Equal(
            optimum.Zip(Reference, (p, q) => Beta * (p - q)), Gradient(optimum, new K3Estimator()), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    /// <returns>Σ_a π_a (r_a − β k(a)) ∂log π_a/∂logit_j.</returns>
    private static double[] Gradient(double[] policy, KlEstimator estimator)
    {
        double[] reward = [.. policy.Select((p, a) => Rewards[a] - (Beta * estimator.Of(Math.Log(p / Reference[a]))))];
        double mean = policy.Zip(reward, (p, r) => p * r).Sum();
        return [.. policy.Zip(reward, (p, r) => p * (r - mean))];
    }
}
