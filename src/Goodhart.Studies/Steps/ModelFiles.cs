using Goodhart.Engine;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Safetensors;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Worlds;

namespace Goodhart.Studies.Steps;

/// <summary>A trained model as files of an artifact: a Hugging Face folder, and the optimizer's state beside it.</summary>
internal static class ModelFiles
{
    /// <summary>Folder of the model inside the artifact.</summary>
    public const string Model = "model";

    public const string Optimizer = "optimizer.safetensors";

    /// <summary>Mean lengths of the world's texts in tokens, for cost estimates (docs: the world's measured lengths).</summary>
    public const double PromptTokens = 56;

    public const double ResponseTokens = 17;

    public const double SampledTokens = 21;

    /// <summary>A model of a study's size, with the world's vocabulary.</summary>
    public static ModelConfig Config(StudyModel model) => Architecture.Default.Create(new ModelDimensions
    {
        VocabSize = TldrWorld.Tokenizer.VocabularySize,
        HiddenSize = model.HiddenSize,
        Layers = model.Layers,
        Heads = model.Heads,
        MaxPositions = 256,
        BosTokenId = null,
        EosTokenId = TldrWorld.Eos,
        PadTokenId = TldrWorld.Pad,
    });

    public static ModelShape Shape(StudyModel model) => Config(model).Shape;

    public static void Save(string outputDirectory, LanguageModel model, OptimizerState optimizer, string name = Model, string state = Optimizer)
    {
        string folder = Path.Combine(outputDirectory, name);
        Directory.CreateDirectory(folder);
        ModelFolder.SaveInto(model, folder);
        TldrWorld.Tokenizer.Save(folder);
        SaveOptimizer(outputDirectory, optimizer, state);
    }

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

    public static LanguageModel Load(IDevice device, string directory, bool training) =>
        ModelFolder.Load(device, Path.Combine(directory, Model), training);
}
