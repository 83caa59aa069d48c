using System.Runtime.InteropServices;
using Goodhart.Cli.Bench.Shapes;
using Goodhart.Engine;
using Goodhart.Models;

namespace Goodhart.Cli.Bench.Work;

/// <summary>Weights to be measured with: as large as trained ones, and there at once where true random numbers take minutes.</summary>
internal static class BenchWeights
{
    /// <summary>A prime, so that no two rows of a matrix are the same.</summary>
    private const int Period = 1_000_003;

    private const double Deviation = 0.02;

    public static void Fill(LanguageModel model)
    {
        float[] block = Block();
        foreach (Parameter parameter in model.Parameters.All)
        {
            if (parameter.Shape.Length == 1)
            {
                float value = parameter.Name.EndsWith("norm.weight", StringComparison.Ordinal) ? 1 : 0;
                float[] values = new float[parameter.Value.Count];
                Array.Fill(values, value);
                model.Parameters.Set(parameter.Name, values);
                continue;
            }

            Mem whole = parameter.Value.Mem;
            for (long at = 0; at < whole.Bytes;)
            {
                long bytes = Math.Min(whole.Bytes - at, (long)block.Length * sizeof(float));
                Mem part = whole with { Offset = whole.Offset + at, Bytes = bytes };
                model.Device.Upload(part, MemoryMarshal.AsBytes<float>(block)[..(int)bytes]);
                at += bytes;
            }
        }

        model.Parameters.Changed();
    }

    private static float[] Block()
    {
        LengthDraws draws = new(4);
        float[] block = new float[Period];
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = (float)(Deviation * draws.Normal());
        }

        return block;
    }
}
