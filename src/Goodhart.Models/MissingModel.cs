using System.Globalization;
using Goodhart.Models.GptNeoX;

namespace Goodhart.Models;

/// <summary>What to say where a model's folder is not there. Nothing is ever downloaded, so it has to say enough.</summary>
public static class MissingModel
{
    /// <summary>For the caller to throw.</summary>
    /// <param name="path">As the user gave it.</param>
    public static DirectoryNotFoundException At(string path) => new(PythiaModel.Named(path) is { } pythia
        ? Known(path, pythia.Model, pythia.Repository)
        : $"no model folder {path}. A model is a Hugging Face folder with config.json, model.safetensors and tokenizer.json; nothing is "
            + "downloaded: fetch it with your own tools, or make a random one with `goodhart init`.");

    /// <summary>Does nothing where the path exists or does not name a model of the Pythia suite.</summary>
    /// <exception cref="DirectoryNotFoundException">It names one, and there is no such folder.</exception>
    public static void RefuseAbsentPythia(string path)
    {
        if (!Path.Exists(path) && PythiaModel.Named(path) is not null)
        {
            throw At(path);
        }
    }

    private static string Known(string path, PythiaModel model, string repository) => string.Join(
        '\n',
        $"no model folder {path}, and nothing is downloaded.",
        string.Create(
            CultureInfo.InvariantCulture,
            $"  {repository} is a GPT-NeoX of {model.Shape.Parameters:N0} parameters: {model.Layers} layers, width {model.HiddenSize}, "
                + $"{model.Heads} heads, {model.VocabSize} token rows."),
        $"  Get config.json, model.safetensors ({Size(model.Shape.WeightBytes / 2)} at 16 bits; larger models come in parts with an "
            + "index), tokenizer.json "
            + "and tokenizer_config.json",
        $"  of {repository} from the Hugging Face hub with your own tools, and put them into {Path.GetFullPath(path)}",
        $"  Memory here, besides activations: {Size(model.Shape.WeightBytes)} to sample or score, {Size(model.Shape.TrainingBytes(1))} to "
            + "train with RMSprop, "
            + $"{Size(model.Shape.TrainingBytes(2))} with Adam.");

    private static string Size(long bytes) => bytes < 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
