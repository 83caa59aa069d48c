namespace Goodhart.Alignment.Losses;

/// <summary>A loss that takes a share of the labels to be flipped.</summary>
public interface ISmoothedLoss
{
    /// <summary>The same loss with another share.</summary>
    /// <param name="labelSmoothing">ε in [0, ½).</param>
    PreferenceLoss Smoothed(double labelSmoothing);
}
