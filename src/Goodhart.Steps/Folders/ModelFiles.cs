using Goodhart.Engine;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Safetensors;

namespace Goodhart.Steps.Folders;

/// <summary>A trained model as files of an artifact: a Hugging Face folder, and the optimizer's state beside it.</summary>
public static class ModelFiles
{
    /// <summary>Folder of the model inside the artifact.</summary>
    public const string Model = "model";

    public const string Optimizer = "optimizer.safetensors";

    /// <summary>Writes the optimizer's state as <see cref="Restore"/> reads it.</summary>
    public static void SaveOptimizer(string outputDirectory, OptimizerState optimizer, string file = Optimizer)
    {
        Dictionary<string, float[]> state = optimizer.Save().ToDictionary(entry => entry.Name, entry => entry.Values);
        SafetensorsWriter.Write(
            Path.Combine(outputDirectory, file),
            [.. state.Select(entry => new TensorSpec(entry.Key, new TensorShape(entry.Value.Length)))],
            (name, destination) => state[name].CopyTo(destination));
    }

    public static void Restore(string directory, OptimizerState optimizer, int steps, string name = Optimizer)
    {
        using SafetensorsReader file = SafetensorsReader.Open(Path.Combine(directory, name));
        optimizer.Restore(Read, steps);

        float[] Read(string entry)
        {
            float[] values = new float[file.Tensors.Single(tensor => tensor.Name == entry).Shape.Elements];
            file.ReadF32(entry, values);
            return values;
        }
    }

    public static LanguageModel LoadScore(IDevice device, string directory, string folder, bool training) =>
        ModelFolder.LoadScore(device, Path.Combine(directory, folder), training);
}
