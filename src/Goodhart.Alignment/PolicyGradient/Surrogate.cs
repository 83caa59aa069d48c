namespace Goodhart.Alignment.PolicyGradient;

/// <summary>The clipped objective over a mini-batch: what is one action, a token or a whole response.</summary>
internal abstract class Surrogate(double clipRange)
{
    protected double ClipRange => clipRange;

    /// <summary>Actions of an episode: the denominator of the mini-batch's mean is their sum.</summary>
    public abstract int Actions(Episode episode);

    /// <param name="logProbs">Of the episode's tokens, now.</param>
    /// <param name="old">At collection.</param>
    /// <param name="advantages">One per action.</param>
    /// <param name="upstream">Receives ∂(sum of losses)/∂log π of each token.</param>
    public abstract void Evaluate(
        ReadOnlySpan<float> logProbs, ReadOnlySpan<float> old, ReadOnlySpan<double> advantages, Span<double> upstream,
        SurrogateTally tally);
}

/// <summary>PPO: a token is an action.</summary>
internal sealed class TokenSurrogate(double clipRange) : Surrogate(clipRange)
{
    public override int Actions(Episode episode) => episode.Tokens.Length;

    public override void Evaluate(
        ReadOnlySpan<float> logProbs, ReadOnlySpan<float> old, ReadOnlySpan<double> advantages, Span<double> upstream, SurrogateTally tally)
    {
        for (int t = 0; t < logProbs.Length; t++)
        {
            (double loss, double slope, bool clipped) = ClippedSurrogate.Evaluate(logProbs[t], old[t], advantages[t], ClipRange);
            upstream[t] = slope;
            tally.Add(loss, (double)logProbs[t] - old[t], clipped);
        }
    }
}

/// <summary>RLOO: the response is one action, its probability the product of its tokens'.</summary>
internal sealed class ResponseSurrogate(double clipRange) : Surrogate(clipRange)
{
    public override int Actions(Episode episode) => 1;

    public override void Evaluate(
        ReadOnlySpan<float> logProbs, ReadOnlySpan<float> old, ReadOnlySpan<double> advantages, Span<double> upstream, SurrogateTally tally)
    {
        double logRatio = 0;
        for (int t = 0; t < logProbs.Length; t++)
        {
            logRatio += (double)logProbs[t] - old[t];
        }

        (double loss, double slope, bool clipped) = ClippedSurrogate.Evaluate(logRatio, 0, advantages[0], ClipRange);
        upstream.Fill(slope);
        tally.Add(loss, logRatio, clipped);
    }
}

/// <summary>Sums over the actions of all updates on a collection.</summary>
internal sealed class SurrogateTally
{
    private double loss;
    private double squares;
    private double ratios;
    private long clipped;
    private long actions;

    public double Loss => loss / Math.Max(1, actions);

    /// <summary>k2 = ½(log ratio)², as TRL's policy/approxkl_avg has it.</summary>
    public double ApproximateKl => 0.5 * squares / Math.Max(1, actions);

    public double Ratio => actions == 0 ? 1 : ratios / actions;

    public double ClipShare => (double)clipped / Math.Max(1, actions);

    public void Add(double actionLoss, double logRatio, bool isClipped)
    {
        loss += actionLoss;
        squares += logRatio * logRatio;
        ratios += Math.Exp(logRatio);
        clipped += isClipped ? 1 : 0;
        actions++;
    }
}
