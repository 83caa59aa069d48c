using Goodhart.Engine;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.GptNeoX;

/// <summary>Models as Hugging Face folders.</summary>
public static class GptNeoXFolder
{
    /// <summary>Loads a folder's weights, whatever type they are stored in, as float32.</summary>
    /// <exception cref="FileNotFoundException">config.json or the weights are missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken or unsupported, or the tensors do not fit the configuration.</exception>
    public static GptNeoXModel Load(IDevice device, string path, bool training)
    {
        using HuggingFaceFolder folder = HuggingFaceFolder.Open(path);
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
