using Goodhart.Engine;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Adapters;

/// <summary>A folder as PEFT writes it, opened: adapter_config.json and adapter_model.safetensors.</summary>
internal sealed class AdapterFolder : IDisposable
{
    public const string Weights = "adapter_model.safetensors";

    private readonly ModelConfig model;
    private readonly CheckpointFiles files;
    private readonly IReadOnlyList<TensorSpec> tensors;

    private AdapterFolder(string path, AdapterFile file, ModelConfig model, CheckpointFiles files)
    {
        (this.model, this.files, Path, File) = (model, files, path, file);
        tensors = AdapterTensors.Of(model, file.Lora, file.TrainsHead);
    }

    public string Path { get; }

    public AdapterFile File { get; }

    /// <param name="model">The configuration of the adapted model.</param>
    /// <exception cref="FileNotFoundException">The weights are missing.</exception>
    /// <exception cref="InvalidDataException">The tensors do not fit the adapter's and the model's configuration.</exception>
    public static AdapterFolder Open(string path, AdapterFile file, ModelConfig model)
    {
        string weights = System.IO.Path.Combine(path, Weights);
        if (!System.IO.File.Exists(weights))
        {
            throw new FileNotFoundException(
                $"{path}: expected {Weights} beside {AdapterFile.Name}, found none. Other formats (adapter_model.bin) must be saved as "
                    + "safetensors first.",
                weights);
        }

        CheckpointFiles files = CheckpointFiles.OpenFile(weights);
        try
        {
            AdapterFolder folder = new(path, file, model, files);
            CheckpointCheck.Require(path, AdapterFile.Name, folder.tensors, files, _ => false);
            return folder;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <param name="baseModel">What a copy that is saved names as its base.</param>
    public Adapter Load(IDevice device, string baseModel, bool training)
    {
        Adapter adapter = new(device, model, File.Lora, baseModel, File.TrainsHead, training);
        foreach (TensorSpec tensor in tensors)
        {
            adapter.Parameters.Set(tensor.Name, Values(tensor.Name, tensor.Shape.Elements));
        }

        return adapter;
    }

    /// <summary>Whether the tensor is the adapter's alone: the head of a score.</summary>
    public bool Replaces(string tensor) => File.TrainsHead && tensor == model.HeadName;

    /// <summary>Reads a tensor that the adapter has instead of the base.</summary>
    public void ReadInto(string tensor, Span<float> destination) => files.ReadF32(AdapterTensors.Whole(tensor), destination);

    /// <summary>W + scaling · B A, where the adapter stands beside this tensor; summed in double.</summary>
    public void Merge(string tensor, Span<float> weight)
    {
        if (
            !tensor.EndsWith(".weight", StringComparison.Ordinal)
                || !files.TryFind(AdapterTensors.Down(tensor[..^".weight".Length]), out TensorEntry? entry))
        {
            return;
        }

        string module = tensor[..^".weight".Length];
        int rank = File.Lora.Rank;
        int inputs = checked((int)entry.Shape[1]);
        float[] down = Values(AdapterTensors.Down(module), entry.Shape.Elements);
        float[] up = Values(AdapterTensors.Up(module), (long)weight.Length / inputs * rank);
        double[] row = new double[inputs];
        for (int output = 0; output < weight.Length / inputs; output++)
        {
            Array.Clear(row);
            for (int k = 0; k < rank; k++)
            {
                double factor = File.Lora.Scaling * up[(output * rank) + k];
                for (int i = 0; i < inputs; i++)
                {
                    row[i] += factor * down[(k * inputs) + i];
                }
            }

            Span<float> target = weight.Slice(output * inputs, inputs);
            for (int i = 0; i < inputs; i++)
            {
                target[i] = (float)(target[i] + row[i]);
            }
        }
    }

    /// <summary>Writes an adapter straight into an existing empty folder.</summary>
    /// <param name="model">The configuration of the adapted model.</param>
    /// <exception cref="InvalidDataException">The folder holds something already.</exception>
    public static void SaveInto(string path, Adapter adapter, ModelConfig model, SaveOptions options)
    {
        FolderFiles.RequireNewOrEmpty(path);
        (string baseModel, string? revision) = AdapterBase.NameOf(adapter.BaseModel, path, options.MovesWith);
        new AdapterFile(adapter.Config, baseModel, adapter.Head is not null, []) { Revision = revision }
            .Write(System.IO.Path.Combine(path, AdapterFile.Name));
        SafetensorsWriter.Write(
            System.IO.Path.Combine(path, Weights),
            [.. adapter.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)],
            (name, destination) => adapter.Parameters.Get(name).CopyTo(destination),
            options.Type);

        // The tokenizer that goes with it may name the end of text nowhere: then that stands in the model's own files, which do not.
        FolderFiles.WriteGeneration(path, model, options);
        FolderFiles.WriteOthers(path, options);
    }

    public void Dispose() => files.Dispose();

    private float[] Values(string name, long count)
    {
        float[] values = new float[count];
        files.ReadF32(name, values);
        return values;
    }
}
