using Goodhart.Engine;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.GptNeoX;

/// <summary>Models as Hugging Face folders.</summary>
public static class GptNeoXFolder
{
    /// <summary>Loads a language model's weights, whatever type they are stored in, as float32.</summary>
    /// <exception cref="FileNotFoundException">config.json or the weights are missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken or unsupported, the tensors do not fit the configuration, or it is a
    /// reward model.</exception>
    public static GptNeoXModel Load(IDevice device, string path, bool training) => Load(device, path, training, OutputHead.Language);

    /// <summary>Loads a model that gives one score: a reward or value model.</summary>
    /// <exception cref="FileNotFoundException">config.json or the weights are missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken or unsupported, the tensors do not fit the configuration, or it is a
    /// language model.</exception>
    public static GptNeoXModel LoadScore(IDevice device, string path, bool training) => Load(device, path, training, OutputHead.Score);

    private static GptNeoXModel Load(IDevice device, string path, bool training, OutputHead head)
    {
        using HuggingFaceFolder folder = HuggingFaceFolder.Open(path);
        if (folder.Config.Head != head)
        {
            throw new InvalidDataException(
                $"{path}: expected a {OutputHeads.NameOf(head)}, found a {OutputHeads.NameOf(folder.Config.Head)} (architectures in config.json).");
        }

        GptNeoXModel model = new(device, folder.Config, training);
        foreach (TensorSpec tensor in folder.Tensors)
        {
            float[] values = new float[tensor.Shape.Elements];
            folder.ReadInto(tensor.Name, values);
            model.Parameters.Set(tensor.Name, values);
        }

        return model;
    }

    /// <summary>Writes config.json and model.safetensors into an existing empty folder.</summary>
    public static void SaveInto(GptNeoXModel model, string path, SaveOptions? options = null) => HuggingFaceFolder.SaveInto(
        path, model.Config, (name, destination) => model.Parameters.Get(name).CopyTo(destination), options);
}
