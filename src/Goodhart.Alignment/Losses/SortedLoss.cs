namespace Goodhart.Alignment.Losses;

/// <summary>DPO, with label smoothing, between values that are sorted within the batch: AOT in its two forms.</summary>
public abstract record SortedLoss : CoupledLoss
{
    private protected static readonly LossParameter SmoothingParameter = new(
        "label-smoothing", 0, ParameterRange.Noise, "ε, the share of labels taken to be flipped");

    private protected const string Conversion =
        "β is that of dpo, and a batch of one pair is cdpo; with more pairs the batch size is part of the loss.";

    /// <summary>ε in [0, ½).</summary>
    public required double LabelSmoothing
    {
        get;
        init => field = SmoothingParameter.Checked(value, Name);
    }

    public sealed override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double> { [SmoothingParameter.Name] = LabelSmoothing };

    public sealed override double? ValueAtReference => LogSpace.Softplus(0);
}
