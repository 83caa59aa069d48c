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
            float[] values = new float[parameter.Value.Count];
            if (parameter.Shape.Length == 1)
            {
                Array.Fill(values, parameter.Name.EndsWith("norm.weight", StringComparison.Ordinal) ? 1f : 0f);
            }
            else
            {
                for (int at = 0; at < values.Length; at += Period)
                {
                    block.AsSpan(0, Math.Min(Period, values.Length - at)).CopyTo(values.AsSpan(at));
                }
            }

            model.Parameters.Set(parameter.Name, values);
        }
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
