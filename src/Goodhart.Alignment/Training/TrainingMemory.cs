using Goodhart.Engine;

namespace Goodhart.Alignment.Training;

/// <summary>What training spends to take less memory. Nothing here changes a result.</summary>
public sealed record TrainingMemory
{
    /// <summary>Everything is kept where it is computed.</summary>
    public static TrainingMemory Usual { get; } = new();

    /// <summary>Of each layer only its input is kept: the backward pass runs the layer again, a third more work.</summary>
    public bool ActivationCheckpointing { get; init; }

    /// <summary>The optimizer's state lies in the host's memory and goes through the device's a piece at a time.</summary>
    public bool OffloadsOptimizer { get; init; }

    /// <exception cref="InvalidDataException">Nothing would be saved on this device.</exception>
    public void Require(DeviceInfo device) => Require(device.Name, device.OwnMemory is null);

    /// <param name="device">In words.</param>
    /// <param name="isHost">Whether its memory is the host's.</param>
    /// <exception cref="InvalidDataException">Nothing would be saved on this device.</exception>
    public void Require(string device, bool isHost)
    {
        if (OffloadsOptimizer && isHost)
        {
            throw new InvalidDataException(
                $"--offload optimizer: {device} computes in the host's memory, so nothing would be saved: leave it out. "
                    + "--activation-checkpointing and a smaller --row-budget save memory on every device.");
        }
    }
}
