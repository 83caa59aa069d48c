namespace Goodhart.Alignment.Training;

/// <summary>What training spends to take less memory. Nothing here changes a result.</summary>
public sealed record TrainingMemory
{
    /// <summary>Everything is kept where it is computed.</summary>
    public static TrainingMemory Usual { get; } = new();

    /// <summary>Of each layer only its input is kept: the backward pass runs the layer again, a third more work.</summary>
    public bool ActivationCheckpointing { get; init; }
}
