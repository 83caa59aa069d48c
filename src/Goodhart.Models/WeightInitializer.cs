using Goodhart.Engine;
using Goodhart.Engine.Randomness;

namespace Goodhart.Models;

/// <summary>Random weights for training from scratch: small-init for inputs, and depth-scaled residual outputs.</summary>
/// <remarks>N(0, √(2/(5d))) for embeddings, inputs of attention and MLP, and unembedding; N(0, 2/(L√d)) for the outputs that add to
/// the residual stream; biases 0, gains 1 (GPT-NeoX-20B, section 3.1). Each tensor has its own stream.</remarks>
public static class WeightInitializer
{
    public static void Initialize(LanguageModel model, ulong seed)
    {
        double wide = Math.Sqrt(2.0 / (5 * model.Config.HiddenSize));
        double residual = 2.0 / (model.Config.Layers * Math.Sqrt(model.Config.HiddenSize));
        foreach (Parameter parameter in model.Parameters.All)
        {
            float[] values = new float[parameter.Value.Count];
            if (parameter.Shape.Length == 1)
            {
                Array.Fill(values, parameter.Name.EndsWith("norm.weight", StringComparison.Ordinal) ? 1f : 0f);
            }
            else
            {
                double deviation = model.Config.AddsToResidual(parameter.Name) ? residual : wide;
                RandomStream stream = new(seed, "initial weights/" + parameter.Name, item: 0);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)(deviation * stream.NextNormal());
                }
            }

            model.Parameters.Set(parameter.Name, values);
        }
    }
}
