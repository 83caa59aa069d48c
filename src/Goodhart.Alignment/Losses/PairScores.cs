namespace Goodhart.Alignment.Losses;

/// <summary>What a loss ranks a pair's two responses by, in nats; times <see cref="PreferenceLoss.RewardScale"/> the implicit
/// rewards.</summary>
public readonly record struct PairScores(double Chosen, double Rejected)
{
    public double Margin => Chosen - Rejected;
}
