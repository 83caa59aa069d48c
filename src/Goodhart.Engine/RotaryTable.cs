namespace Goodhart.Engine;

/// <summary>Angles of rotary embedding: position · frequency(j), j = 0 .. dims/2 − 1. Computed in double, used as f32.</summary>
/// <param name="Scaling">For contexts longer than a model was first trained on; null: none.</param>
public sealed record RotaryTable(int Dims, double Base, RotaryScaling? Scaling = null)
{
    /// <summary>Inverse frequency of pair j: base^(−2j/dims), scaled.</summary>
    public double Frequency(int j)
    {
        double frequency = Math.Pow(Base, -2.0 * j / Dims);
        return Scaling?.Apply(frequency) ?? frequency;
    }
}

/// <summary>
/// Llama 3's scaling: pairs that turn often within the original context stay, slow ones are divided, those between blend.
/// </summary>
/// <param name="LowTurns">Turns within the original context (<c>low_freq_factor</c>) below which a frequency is divided in full.</param>
/// <param name="HighTurns">... above which it stays (<c>high_freq_factor</c>).</param>
/// <param name="OriginalPositions">The context that the model was first trained on, in tokens.</param>
public sealed record RotaryScaling(double Factor, double LowTurns, double HighTurns, double OriginalPositions)
{
    public double Apply(double frequency)
    {
        double turns = OriginalPositions * frequency / (2 * Math.PI);
        double kept = Math.Clamp((turns - LowTurns) / (HighTurns - LowTurns), 0, 1);
        return frequency * (kept + ((1 - kept) / Factor));
    }
}
