using System.Globalization;
using Goodhart.Hub;
using Goodhart.Hub.Names;
using Goodhart.Models.GptNeoX;

namespace Goodhart.Models;

/// <summary>What to say where a model's folder is not there. Nothing is downloaded unasked, so it has to say how to ask.</summary>
public static class MissingModel
{
    /// <summary>For the caller to throw.</summary>
    /// <param name="path">As the user gave it.</param>
    public static DirectoryNotFoundException At(string path) => new(PythiaModel.Named(path) is { } pythia
        ? Known(path, pythia.Model, pythia.Repository)
        : NameOf(path) is { } name
            ? $"no model folder {name}, and no model of that name in the hub's cache ({HubSettings.Current.CacheFolder}).\n"
                + $"Nothing is downloaded unasked. If it is a name of the hub, fetch it with\n  {name.PullCommand}"
            : $"no model folder {path}. A model is a Hugging Face folder with config.json, model.safetensors and tokenizer.json; nothing "
                + "is downloaded unasked: `goodhart pull OWNER/NAME` fetches one from the hub, and `goodhart init` makes a random one.");

    /// <summary>Does nothing where the path exists, or is no name of a model: then its reader says what it expected there.</summary>
    /// <exception cref="DirectoryNotFoundException">It names one, and there is no such folder.</exception>
    public static void RefuseAbsentName(string path)
    {
        if (!Path.Exists(path) && (PythiaModel.Named(path) is not null || IsOwned(path)))
        {
            throw At(path);
        }
    }

    /// <summary>One word may be any folder; with an owner it is a name, or a folder in a folder.</summary>
    private static bool IsOwned(string path) =>
        NameOf(path) is { } name && name.Id.Contains('/', StringComparison.Ordinal);

    /// <summary>A name that was taken for a path stands in the current folder.</summary>
    private static HubName? NameOf(string path) => HubName.TryParse(path, RepoKind.Model)
        ?? HubName.TryParse(Path.GetRelativePath(Environment.CurrentDirectory, path).Replace('\\', '/'), RepoKind.Model);

    private static string Known(string path, PythiaModel model, string repository) => string.Join(
        '\n',
        $"no model folder {path}, and nothing is downloaded unasked.",
        string.Create(
            CultureInfo.InvariantCulture,
            $"  {repository} is a GPT-NeoX of {model.Shape.Parameters:N0} parameters: {model.Layers} layers, width {model.HiddenSize}, "
                + $"{model.Heads} heads, {model.VocabSize} token rows."),
        $"  Fetch it from the Hugging Face hub ({Size(model.Shape.WeightBytes / 2)} at 16 bits) with",
        $"    goodhart pull {repository}",
        $"  and name it {repository} here, or put its config.json, model.safetensors, tokenizer.json and tokenizer_config.json",
        $"  into {Path.GetFullPath(path)}",
        $"  Memory here, besides activations: {Size(model.Shape.WeightBytes)} to sample or score, {Size(model.Shape.TrainingBytes(1))} to "
            + "train with RMSprop, "
            + $"{Size(model.Shape.TrainingBytes(2))} with Adam.");

    private static string Size(long bytes) => bytes < 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
