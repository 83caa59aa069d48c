using Goodhart.Models.Safetensors;

namespace Goodhart.Models.HuggingFace;

/// <summary>A GPT-NeoX model folder as transformers reads and writes it: config.json and safetensors, opened for reading.</summary>
/// <remarks>Weights stay in the mapped files until <see cref="ReadInto"/> copies one; reads may run side by side.</remarks>
public sealed class HuggingFaceFolder : IDisposable
{
    private readonly CheckpointFiles _files;

    private HuggingFaceFolder(string path, GptNeoXConfig config, CheckpointFiles files)
    {
        Path = path;
        Config = config;
        Tensors = GptNeoXTensorNames.Expected(config);
        _files = files;
    }

    public string Path { get; }

    public GptNeoXConfig Config { get; }

    /// <summary>The model's tensors in the order of the forward pass; each can be read.</summary>
    public IReadOnlyList<TensorSpec> Tensors { get; }

    /// <summary>Opens a folder and checks everything but the values: configuration, headers, names, shapes and types.</summary>
    /// <exception cref="FileNotFoundException">config.json or the weights are missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken or unsupported, or the tensors do not fit the configuration.</exception>
    public static HuggingFaceFolder Open(string path)
    {
        GptNeoXConfig config = GptNeoXConfigReader.Read(System.IO.Path.Combine(path, FolderFiles.Config));
        CheckpointFiles files = CheckpointFiles.Open(path);
        try
        {
            HuggingFaceFolder folder = new(path, config, files);
            CheckpointCheck.Require(path, folder.Tensors, files);
            return folder;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Copies a tensor's values as float32, row-major, whatever type they are stored in.</summary>
    /// <param name="destination">As many elements as the tensor's shape says.</param>
    public void ReadInto(string name, Span<float> destination) => _files.ReadF32(name, destination);

    /// <summary>Writes a model folder that appears whole or not at all: beside its place first, then renamed.</summary>
    /// <param name="path">A new or empty folder.</param>
    /// <param name="fill">Called once for each tensor of <see cref="GptNeoXTensorNames.Expected"/>, in that order.</param>
    /// <exception cref="IOException">The folder holds something already.</exception>
    public static void Save(string path, GptNeoXConfig config, FillTensor fill, SaveOptions? options = null)
    {
        string place = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        FolderFiles.RequireNewOrEmpty(place);
        string partial = $"{place}.partial-{Guid.NewGuid():N}";
        Directory.CreateDirectory(partial);
        try
        {
            SaveInto(partial, config, fill, options);
            if (Directory.Exists(place))
            {
                Directory.Delete(place);   // empty, or this throws and nothing is lost
            }

            Directory.Move(partial, place);
        }
        catch
        {
            Directory.Delete(partial, recursive: true);
            throw;
        }
    }

    /// <summary>As <see cref="Save"/>, but straight into an existing empty folder: the caller sees to it that it appears whole.</summary>
    public static void SaveInto(string path, GptNeoXConfig config, FillTensor fill, SaveOptions? options = null)
    {
        options ??= new SaveOptions();
        config.Validate("the model to save");
        FolderFiles.RequireNewOrEmpty(path);
        FolderFiles.WriteTexts(path, config, options);
        CheckpointWriter.Write(path, GptNeoXTensorNames.Expected(config), fill, options.Type, options.ShardBytes);
    }

    public void Dispose() => _files.Dispose();
}
