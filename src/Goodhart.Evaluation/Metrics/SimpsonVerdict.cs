namespace Goodhart.Evaluation.Metrics;

/// <summary>What sorting by model size does to a correlation.</summary>
public enum SimpsonVerdict
{
    /// <summary>Pooled and within-size correlations do not contradict each other.</summary>
    None,

    /// <summary>Both are there, with opposite signs.</summary>
    Reversed,

    /// <summary>Pooled there is one, within sizes none: it is a difference between sizes.</summary>
    OnlyBetweenSizes,

    /// <summary>Within sizes there is one, and pooling hides it.</summary>
    HiddenByPooling,
}
