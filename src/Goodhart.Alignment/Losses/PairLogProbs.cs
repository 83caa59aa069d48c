namespace Goodhart.Alignment.Losses;

/// <summary>The log-probs of one preference pair, each summed over a response's tokens, EOS included. Nats.</summary>
/// <param name="PolicyChosen">log π(y_w | x).</param>
/// <param name="PolicyRejected">log π(y_l | x).</param>
/// <param name="ReferenceChosen">log π_ref(y_w | x).</param>
/// <param name="ReferenceRejected">log π_ref(y_l | x).</param>
/// <param name="ChosenLength">|y_w| in tokens, EOS included.</param>
/// <param name="RejectedLength">|y_l| in tokens, EOS included.</param>
public readonly record struct PairLogProbs(
    double PolicyChosen,
    double PolicyRejected,
    double ReferenceChosen,
    double ReferenceRejected,
    int ChosenLength,
    int RejectedLength)
{
    /// <summary>log π/π_ref of the chosen response; times β it is the implicit reward.</summary>
    public double ChosenLogRatio => PolicyChosen - ReferenceChosen;

    /// <summary>log π/π_ref of the rejected response.</summary>
    public double RejectedLogRatio => PolicyRejected - ReferenceRejected;

    /// <summary>Δ: the chosen minus the rejected log-ratio.</summary>
    public double Margin => ChosenLogRatio - RejectedLogRatio;

    /// <summary>Δ̄: the same of log-ratios averaged over each response's tokens.</summary>
    public double MeanMargin => (ChosenLogRatio / ChosenLength) - (RejectedLogRatio / RejectedLength);

    /// <summary>The reference's mean log-prob per chosen token minus that per rejected one.</summary>
    public double ReferenceMeanMargin => (ReferenceChosen / ChosenLength) - (ReferenceRejected / RejectedLength);

    /// <summary>The policy's mean log-prob per chosen token.</summary>
    public double PolicyChosenMean => PolicyChosen / ChosenLength;

    /// <summary>The policy's mean log-prob per rejected token.</summary>
    public double PolicyRejectedMean => PolicyRejected / RejectedLength;
}
