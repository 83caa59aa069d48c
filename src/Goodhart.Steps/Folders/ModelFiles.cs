using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Safetensors;
using Goodhart.Pipeline;

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
        Dictionary<string, StateValues> state = optimizer.Save().ToDictionary(entry => entry.Name);
        SafetensorsWriter.Write(
            Path.Combine(outputDirectory, file),
            [.. state.Values.Select(entry => new TensorSpec(entry.Name, new TensorShape(entry.Count)))],
            (name, start, part) => state[name].Read(start, part));
    }

    public static void Restore(string directory, OptimizerState optimizer, int steps, string name = Optimizer)
    {
        using SafetensorsReader file = SafetensorsReader.Open(Path.Combine(directory, name));
        optimizer.Restore(
            entry => new StateValues(entry, file.Find(entry).Shape.Elements, (start, part) => file.ReadF32(entry, start, part)), steps);
    }

    /// <summary>A model folder as the user names it; with an adapter its base is a part of what enters keys.</summary>
    /// <exception cref="DirectoryNotFoundException">An adapter's base is missing.</exception>
    public static InputFolder Input(string path) => new(path, ModelFolder.IsAdapter(path) ? ModelFolder.BaseOf(path) : null);

    /// <summary>Writes a model into a step's artifact; of an adapted one its adapter.</summary>
    /// <param name="folder">Inside the artifact.</param>
    /// <param name="carryFrom">The folder whose tokenizer goes with it; null: none.</param>
    /// <param name="others">As <see cref="SaveOptions.OtherFiles"/>.</param>
    public static void Save(
        StepContext context, LanguageModel model, string folder, string? carryFrom, IReadOnlyDictionary<string, string> others)
    {
        string path = Path.Combine(context.OutputDirectory, folder);
        Directory.CreateDirectory(path);
        ModelFolder.SaveInto(model, path, new SaveOptions
        {
            CarryFrom = carryFrom,
            OtherFiles = others,
            MovesWith = Path.GetDirectoryName(context.OutputDirectory),
        });
    }
}
