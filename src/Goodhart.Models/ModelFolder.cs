using Goodhart.Engine;
using Goodhart.Hub.Cache;
using Goodhart.Models.Adapters;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Rewards;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models;

/// <summary>A model folder as transformers reads and writes it (config.json and safetensors), or an adapter's folder as PEFT does, with the
/// model that it stands on; opened for reading.</summary>
/// <remarks>Weights stay in the mapped files until <see cref="ReadInto"/> copies one; reads may run side by side.</remarks>
public sealed class ModelFolder : IDisposable
{
    private readonly CheckpointFiles? files;
    private readonly AdapterFolder? adapter;

    private ModelFolder(string path, ModelConfig config, CheckpointFiles files)
        : this(path, config) => this.files = files;

    private ModelFolder(ModelFolder trunk, AdapterFolder adapter, ModelConfig config)
        : this(adapter.Path, config) =>
        (Base, this.adapter) = (trunk, adapter);

    private ModelFolder(string path, ModelConfig config) => (Path, Config, Tensors) = (path, config, config.Tensors());

    public string Path { get; }

    public ModelConfig Config { get; }

    /// <summary>The model's tensors in the order of the forward pass; each can be read.</summary>
    public IReadOnlyList<TensorSpec> Tensors { get; }

    /// <summary>The model that an adapter's folder stands on; null for a model's own folder.</summary>
    public ModelFolder? Base { get; }

    /// <summary>What the folder's adapter is; null where it is none.</summary>
    public LoraConfig? Lora => adapter?.File.Lora;

    /// <summary>Opens a folder and checks everything but the values: configuration, headers, names, shapes and types.</summary>
    /// <param name="told">Told what a user should know of the folder, a line each that begins with its path. Null: of a folder that the
    /// program made, or that was told of.</param>
    /// <param name="basePath">Where an adapter's base is; null: where its file says.</param>
    /// <exception cref="FileNotFoundException">config.json or the weights are missing.</exception>
    /// <exception cref="DirectoryNotFoundException">An adapter's base is missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken or unsupported, or the tensors do not fit the configuration.</exception>
    public static ModelFolder Open(string path, Action<string>? told, string? basePath = null)
    {
        try
        {
            return IsAdapter(path) ? OpenAdapter(path, told, basePath) : OpenWhole(path, told);
        }
        catch (FileNotFoundException missing) when (HubSnapshot.Holding(path) is { } snapshot)
        {
            throw new FileNotFoundException(
                $"{missing.Message}\nThe hub's cache has only some of its files; fetch the rest with\n  {snapshot.Name.PullCommand}",
                missing);
        }
    }

    /// <summary>Whether a folder is an adapter's.</summary>
    public static bool IsAdapter(string path) => File.Exists(System.IO.Path.Combine(path, AdapterFile.Name));

    /// <summary>The folder of the model that a folder is, or whose adapter it is.</summary>
    /// <exception cref="DirectoryNotFoundException">An adapter's base is missing.</exception>
    /// <exception cref="InvalidDataException">The adapter's file cannot be used.</exception>
    public static string BaseOf(string path) =>
        IsAdapter(path) ? AdapterBase.Find(path, AdapterFile.Open(System.IO.Path.Combine(path, AdapterFile.Name))) : path;

    /// <summary>The folder that has a model's tokenizer: an adapter without one reads as its base does.</summary>
    /// <exception cref="DirectoryNotFoundException">An adapter's base is missing.</exception>
    public static string TokenizerOf(string path) =>
        IsAdapter(path) && !HasTokenizer(path) ? BaseOf(path) : path;

    /// <summary>Whether a folder has a tokenizer of its own.</summary>
    public static bool HasTokenizer(string path) => File.Exists(System.IO.Path.Combine(path, "tokenizer.json"));

    /// <summary>Loads a folder's weights, whatever type they are stored in, as float32.</summary>
    /// <exception cref="FileNotFoundException">config.json or the weights are missing.</exception>
    /// <exception cref="InvalidDataException">A file is broken or unsupported, the tensors do not fit the configuration, or it is a model
    /// of the other kind.</exception>
    public static LanguageModel Load(IDevice device, string path, bool training, OutputHead head = OutputHead.Language)
    {
        using ModelFolder folder = Open(path, told: null);
        return folder.Load(device, training, head);
    }

    /// <summary>Loads the folder's model; an adapter stands beside the frozen weights of its base, and it alone is trained.</summary>
    /// <exception cref="InvalidDataException">It is of the other kind.</exception>
    /// <param name="beside">A model whose parameters are used, where they are this folder's and frozen.</param>
    public LanguageModel Load(IDevice device, bool training, OutputHead head = OutputHead.Language, LanguageModel? beside = null)
    {
        if (Config.Head != head)
        {
            throw new InvalidDataException(
                $"{Path}: expected a {Config.ClassName(head)}, found a {Config.ClassName(Config.Head)} (architectures in config.json).");
        }

        return Config.Create(device, adapter is null
            ? FolderWeights.Of(this, device, training, beside)
            : FolderWeights.Under(
                adapter.Load(device, System.IO.Path.GetFullPath(Base!.Path), training), Base, device,
                [.. Tensors.Where(tensor => !adapter.Replaces(tensor.Name))], beside));
    }

    /// <summary>Loads the folder's model, frozen, under a new adapter that is trained; a head of one score is trained whole.</summary>
    /// <param name="lora">What the adapter is to be.</param>
    /// <param name="seed">Of what is drawn.</param>
    /// <param name="head">A score on a language model's trunk begins as <see cref="Rewards.ScoreModel"/> says.</param>
    /// <param name="beside">A model whose parameters are used, where they are this folder's and frozen.</param>
    /// <exception cref="InvalidDataException">The folder is an adapter's already, or no layer is adapted.</exception>
    public LanguageModel LoadAdapted(
        IDevice device, LoraConfig lora, ulong seed, OutputHead head = OutputHead.Language, LanguageModel? beside = null)
    {
        if (Lora is { } own)
        {
            throw AdapterFault.Twice(Path, own);
        }

        bool isScore = head == OutputHead.Score;
        ModelConfig config = isScore && Config.Head != head ? Config.WithScoreHead() : Config;
        Adapter fresh = new(device, config, lora.For(config), System.IO.Path.GetFullPath(Path), trainsHead: isScore, training: true);
        fresh.Initialize(seed);
        if (fresh.Head is { } score)
        {
            float[] values = Config.Head == head
                ? new float[config.HiddenSize]
                : ScoreModel.FreshHead(config.HeadName, config.HiddenSize, seed);
            if (Config.Head == head)
            {
                ReadInto(config.HeadName, values);
            }

            fresh.Parameters.Set(score.Name, values);
        }

        return config.Create(
            device, FolderWeights.Under(
                fresh, this, device, [.. config.Tensors().Where(tensor => !isScore || tensor.Name != config.HeadName)], beside));
    }

    /// <summary>Copies a tensor's values as float32, row-major, whatever type they are stored in; an adapter's part is added.</summary>
    /// <param name="destination">As many elements as the tensor's shape says.</param>
    public void ReadInto(string name, Span<float> destination)
    {
        if (adapter is null)
        {
            files!.ReadF32(name, destination);
        }
        else if (adapter.Replaces(name))
        {
            adapter.ReadInto(name, destination);
        }
        else
        {
            Base!.ReadInto(name, destination);
            adapter.Merge(name, destination);
        }
    }

    /// <summary>Copies some of a tensor's values likewise, of a model's own folder.</summary>
    internal void ReadPart(string name, long start, Span<float> part) => files!.ReadF32(name, start, part);

    /// <summary>Writes a model folder that appears whole or not at all: beside its place first, then renamed.</summary>
    /// <param name="path">A new or empty folder.</param>
    /// <param name="fill">Called once for each tensor of <see cref="ModelConfig.Tensors"/>, in that order.</param>
    /// <exception cref="InvalidDataException">The folder holds something already.</exception>
    public static void Save(string path, ModelConfig config, FillTensor fill, SaveOptions? options = null) =>
        SaveWhole(path, folder => SaveInto(folder, config, fill, options));

    /// <summary>As <see cref="Save(string, ModelConfig, FillTensor, SaveOptions?)"/>, but straight into an existing empty folder: the
    /// caller sees to it that it appears whole.</summary>
    public static void SaveInto(string path, ModelConfig config, FillTensor fill, SaveOptions? options = null) =>
        SaveInto(path, config, SafetensorsWriter.InParts(config.Tensors(), fill), options ?? new SaveOptions());

    private static void SaveInto(string path, ModelConfig config, FillPart fill, SaveOptions options)
    {
        config.Validate("the model to save");
        FolderFiles.RequireNewOrEmpty(path);
        FolderFiles.WriteTexts(path, config, options);
        CheckpointWriter.Write(path, config.Tensors(), fill, options.Type, options.ShardBytes);
    }

    /// <summary>Writes a model straight into an existing empty folder; of an adapted model its adapter alone.</summary>
    public static void SaveInto(LanguageModel model, string path, SaveOptions? options = null)
    {
        if (model.Weights.Adapter is { } adapter)
        {
            AdapterFolder.SaveInto(path, adapter, model.Config, options ?? new SaveOptions());
        }
        else
        {
            SaveInto(path, model.Config, model.Parameters.Read, options ?? new SaveOptions());
        }
    }

    /// <summary>Writes a model's folder, whole or not at all; of an adapted model its adapter alone.</summary>
    /// <exception cref="InvalidDataException">The folder holds something already.</exception>
    public static void Save(LanguageModel model, string path, SaveOptions? options = null) =>
        SaveWhole(path, folder => SaveInto(model, folder, options));

    public void Dispose()
    {
        files?.Dispose();
        adapter?.Dispose();
        Base?.Dispose();
    }

    private static void SaveWhole(string path, Action<string> write)
    {
        string place = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        FolderFiles.RequireNewOrEmpty(place);
        string partial = $"{place}.partial-{Guid.NewGuid():N}";
        Directory.CreateDirectory(partial);
        try
        {
            write(partial);
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

    private static ModelFolder OpenWhole(string path, Action<string>? told)
    {
        ModelConfig config = ModelConfig.Read(System.IO.Path.Combine(path, FolderFiles.Config));
        CheckpointFiles files = CheckpointFiles.Open(path);
        try
        {
            ModelFolder folder = new(path, config, files);
            CheckpointCheck.Require(path, config, files);
            Tell(path, told is null ? [] : TiedHead.Notes(config, files), told);
            return folder;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static void Tell(string path, IReadOnlyList<string> notes, Action<string>? told)
    {
        foreach (string note in notes)
        {
            told?.Invoke($"{path}: {note}");
        }
    }

    private static ModelFolder OpenAdapter(string path, Action<string>? told, string? basePath)
    {
        string config = System.IO.Path.Combine(path, AdapterFile.Name);
        if (CheckpointFiles.FindIn(path) is { } weights)
        {
            throw new InvalidDataException(
                $"{path}: expected a model or an adapter, found {weights} and {AdapterFile.Name}. Move one of the "
                    + "two to a folder of its own.");
        }

        AdapterFile file = AdapterFile.Open(config);
        Tell(path, file.Notes, told);
        string place = basePath ?? AdapterBase.Find(path, file);
        if (IsAdapter(place))
        {
            // Before it is opened: it may be this folder itself, or stand on it.
            throw new InvalidDataException(
                $"{config}: base_model_name_or_path: expected a model, found the adapter {place}. Merge it into its base first: "
                    + "goodhart merge.");
        }

        ModelFolder trunk = Open(place, told);
        try
        {
            ModelConfig adapted = file.TrainsHead ? trunk.Config.WithScoreHead() : trunk.Config;
            return new ModelFolder(trunk, AdapterFolder.Open(path, file, adapted), adapted);
        }
        catch
        {
            trunk.Dispose();
            throw;
        }
    }
}
