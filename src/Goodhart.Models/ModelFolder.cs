using Goodhart.Engine;
using Goodhart.Hub.Cache;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models;

/// <summary>A model folder as transformers reads and writes it: config.json and safetensors, opened for reading.</summary>
/// <remarks>Weights stay in the mapped files until <see cref="ReadInto"/> copies one; reads may run side by side.</remarks>
public sealed class ModelFolder : IDisposable
{
    private readonly CheckpointFiles files;

    private ModelFolder(string path, ModelConfig config, CheckpointFiles files)
    {
        Path = path;
        Config = config;
        Tensors = config.Tensors();
        this.files = files;
    }

    public string Path { get; }

    public ModelConfig Config { get; }

    /// <summary>The model's tensors in the order of the forward pass; each can be read.</summary>
    public IReadOnlyList<TensorSpec> Tensors { get; }

    /// <summary>What is worth telling of the folder, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Opens a folder and checks everything but the values: configuration, headers, names, shapes and types.</summary>
    /// <exception cref="FileNotFoundException">config.json or the weights are missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken or unsupported, or the tensors do not fit the configuration.</exception>
    public static ModelFolder Open(string path)
    {
        try
        {
            return OpenWhole(path);
        }
        catch (FileNotFoundException missing) when (HubSnapshot.Holding(path) is { } snapshot)
        {
            throw new FileNotFoundException(
                $"{missing.Message}\nThe hub's cache has only some of its files; fetch the rest with\n  {snapshot.Name.PullCommand}", missing);
        }
    }

    private static ModelFolder OpenWhole(string path)
    {
        ModelConfig config = ModelConfig.Read(System.IO.Path.Combine(path, FolderFiles.Config));
        CheckpointFiles files = CheckpointFiles.Open(path);
        try
        {
            ModelFolder folder = new(path, config, files);
            CheckpointCheck.Require(path, config, files);
            folder.CompareHeads();
            return folder;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Loads a language model's weights, whatever type they are stored in, as float32.</summary>
    /// <exception cref="FileNotFoundException">config.json or the weights are missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken or unsupported, the tensors do not fit the configuration, or it is a
    /// reward model.</exception>
    public static LanguageModel Load(IDevice device, string path, bool training) => Load(device, path, training, OutputHead.Language);

    /// <summary>Loads a model that gives one score: a reward or value model.</summary>
    /// <exception cref="FileNotFoundException">config.json or the weights are missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken or unsupported, the tensors do not fit the configuration, or it is a
    /// language model.</exception>
    public static LanguageModel LoadScore(IDevice device, string path, bool training) => Load(device, path, training, OutputHead.Score);

    /// <summary>Loads the folder's model.</summary>
    /// <exception cref="InvalidDataException">It is of the other kind.</exception>
    public LanguageModel Load(IDevice device, bool training, OutputHead head = OutputHead.Language)
    {
        if (Config.Head != head)
        {
            throw new InvalidDataException(
                $"{Path}: expected a {Config.ClassName(head)}, found a {Config.ClassName(Config.Head)} (architectures in config.json).");
        }

        LanguageModel model = Config.Create(device, training);
        foreach (TensorSpec tensor in Tensors)
        {
            float[] values = new float[tensor.Shape.Elements];
            ReadInto(tensor.Name, values);
            model.Parameters.Set(tensor.Name, values);
        }

        return model;
    }

    /// <summary>Copies a tensor's values as float32, row-major, whatever type they are stored in.</summary>
    /// <param name="destination">As many elements as the tensor's shape says.</param>
    public void ReadInto(string name, Span<float> destination) => files.ReadF32(name, destination);

    /// <summary>Writes a model folder that appears whole or not at all: beside its place first, then renamed.</summary>
    /// <param name="path">A new or empty folder.</param>
    /// <param name="fill">Called once for each tensor of <see cref="ModelConfig.Tensors"/>, in that order.</param>
    /// <exception cref="IOException">The folder holds something already.</exception>
    public static void Save(string path, ModelConfig config, FillTensor fill, SaveOptions? options = null)
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

    /// <summary>As <see cref="Save(string, ModelConfig, FillTensor, SaveOptions?)"/>, but straight into an existing empty folder: the caller sees to it that it appears whole.</summary>
    public static void SaveInto(string path, ModelConfig config, FillTensor fill, SaveOptions? options = null)
    {
        options ??= new SaveOptions();
        config.Validate("the model to save");
        FolderFiles.RequireNewOrEmpty(path);
        FolderFiles.WriteTexts(path, config, options);
        CheckpointWriter.Write(path, config.Tensors(), fill, options.Type, options.ShardBytes);
    }

    /// <summary>Writes a model straight into an existing empty folder.</summary>
    public static void SaveInto(LanguageModel model, string path, SaveOptions? options = null) =>
        SaveInto(path, model.Config, (name, destination) => model.Parameters.Get(name).CopyTo(destination), options);

    /// <summary>Writes a model's folder, whole or not at all.</summary>
    /// <exception cref="IOException">The folder holds something already.</exception>
    public static void Save(LanguageModel model, string path, SaveOptions? options = null) =>
        Save(path, model.Config, (name, destination) => model.Parameters.Get(name).CopyTo(destination), options);

    public void Dispose() => files.Dispose();

    /// <summary>
    /// A head that is stored although it is tied is not used, as config.json wants it: told, for where it is not the embedding something is
    /// left out. (transformers 4 does the same and says nothing; version 5 unties the two.)
    /// </summary>
    private void CompareHeads()
    {
        if (files.Tensors.FirstOrDefault(tensor => CheckpointCheck.IsTiedHead(Config, tensor.Name)) is not { } stored)
        {
            return;
        }

        Notes =
        [
            IsEmbedding(stored)
                ? $"{stored.Name} is stored although the head is tied to the embedding: it is the same and is left out."
                : $"{stored.Name} is stored and is not {Config.EmbeddingName}, but tie_word_embeddings is true in "
                    + "config.json: the embedding is the head, and the stored head is not used. Set it to false to use the stored one.",
        ];
    }

    private bool IsEmbedding(TensorEntry stored)
    {
        float[] embedding = new float[(long)Config.VocabSize * Config.HiddenSize];
        if (stored.Shape.Elements != embedding.Length || !stored.Type.IsReadableAsF32())
        {
            return false;
        }

        float[] head = new float[embedding.Length];
        ReadInto(Config.EmbeddingName, embedding);
        ReadInto(stored.Name, head);
        return head.AsSpan().SequenceEqual(embedding);
    }

    private static LanguageModel Load(IDevice device, string path, bool training, OutputHead head)
    {
        using ModelFolder folder = Open(path);
        return folder.Load(device, training, head);
    }
}
