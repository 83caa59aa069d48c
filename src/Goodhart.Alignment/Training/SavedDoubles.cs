namespace Goodhart.Alignment.Training;

/// <summary>Doubles as floats that add up to them: run states are files of float32.</summary>
/// <remarks>Three floats hold 72 bits of precision, a double has 53; exact for every double between 1e-30 and 1e38 in size, and for
/// 0.</remarks>
internal static class SavedDoubles
{
    private const int Parts = 3;

    public static float[] Split(ReadOnlySpan<double> values)
    {
        float[] parts = new float[Parts * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double rest = values[i];
            for (int part = 0; part < Parts; part++)
            {
                parts[(Parts * i) + part] = (float)rest;
                rest -= parts[(Parts * i) + part];
            }
        }

        return parts;
    }

    public static double[] Join(ReadOnlySpan<float> parts)
    {
        double[] values = new double[parts.Length / Parts];
        for (int i = 0; i < parts.Length; i++)
        {
            values[i / Parts] += parts[i];
        }

        return values;
    }
}
