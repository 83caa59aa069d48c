using Goodhart.Engine;
using Goodhart.Engine.Randomness;
using Goodhart.Models.Rewards;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Adapters;

/// <summary>A low-rank adapter on a device: A and B beside each layer that it adapts, and the head where a score is learnt.</summary>
/// <remarks>The weights that it stands beside are frozen, and other models may compute with them at the same time.</remarks>
public sealed class Adapter : IDisposable
{
    private readonly IArena arena;
    private readonly Mat scale;
    private readonly string? head;

    /// <summary>An adapter of zeros.</summary>
    /// <param name="trainsHead">Whether the head of one score is the adapter's own.</param>
    /// <param name="training">Whether to hold gradients too.</param>
    /// <exception cref="InvalidDataException">No layer of the model is adapted.</exception>
    public Adapter(IDevice device, ModelConfig model, LoraConfig config, string baseModel, bool trainsHead, bool training)
    {
        (Config, BaseModel) = (config, baseModel);
        head = trainsHead ? AdapterTensors.Whole(model.HeadName) : null;
        Tensors = AdapterTensors.Of(model, config, trainsHead);
        Parameters = new ParameterSet(device, [.. Tensors.Select(tensor => tensor.Layout())], training);
        arena = device.CreateArena("adapter scale", (long)config.Rank * config.Rank * sizeof(float));
        scale = arena.Allocate(config.Rank, config.Rank);
        float[] diagonal = new float[config.Rank * config.Rank];
        for (int i = 0; i < config.Rank; i++)
        {
            diagonal[(i * config.Rank) + i] = (float)config.Scaling;
        }

        device.Upload(scale, diagonal);
    }

    public LoraConfig Config { get; }

    /// <summary>The model that it was made for, as adapter_config.json is to name it: a folder, or a name on the hub.</summary>
    public string BaseModel { get; }

    /// <summary>Its tensors, by PEFT's names.</summary>
    public IReadOnlyList<TensorSpec> Tensors { get; }

    public ParameterSet Parameters { get; }

    /// <summary>The head of one score, where it is the adapter's own.</summary>
    public Parameter? Head => head is null ? null : Parameters[head];

    /// <summary>Draws A, as PEFT does; B stays 0 and the model is unchanged, unless the configuration says otherwise.</summary>
    public void Initialize(ulong seed)
    {
        foreach (Parameter parameter in Parameters.All.Where(parameter => parameter.Name != head))
        {
            bool isUp = parameter.Name.EndsWith(".lora_B.weight", StringComparison.Ordinal);
            if (isUp && Config.Start != AdapterStart.Both)
            {
                continue;
            }

            RandomStream stream = new(seed, "adapter/" + parameter.Name, item: 0);
            double limit = 1 / Math.Sqrt(parameter.Value.Cols);
            Parameters.Set(parameter.Name,
            [
                .. Enumerable.Range(0, checked((int)parameter.Value.Count)).Select(_ => (float)(Config.Start == AdapterStart.Gaussian
                    ? stream.NextNormal() / Config.Rank
                    : limit * ((2 * stream.NextDouble()) - 1))),
            ]);
        }
    }

    /// <summary>A copy for a model that gives one score, with a head of its own that begins as <see cref="ScoreModel"/> says.</summary>
    /// <param name="model">The configuration of that model.</param>
    internal Adapter UnderScore(IDevice device, ModelConfig model, ulong seed, bool training)
    {
        Adapter copy = new(device, model, Config, BaseModel, trainsHead: true, training);
        foreach (TensorSpec tensor in Tensors.Where(tensor => tensor.Name != head))
        {
            copy.Parameters.Set(tensor.Name, Parameters.Get(tensor.Name));
        }

        copy.Parameters.Set(copy.Head!.Name, ScoreModel.FreshHead(model.HeadName, model.HiddenSize, seed));
        return copy;
    }

    public void Dispose()
    {
        arena.Dispose();
        Parameters.Dispose();
    }

    /// <summary>Adds the adapter's part of a layer's output, where it adapts that layer.</summary>
    internal LowRank? Beside(string module) => Parameters.Contains(AdapterTensors.Down(module))
        ? new LowRank(Parameters[AdapterTensors.Down(module)], Parameters[AdapterTensors.Up(module)], scale)
        : null;
}

/// <summary>What stands beside one layer.</summary>
/// <param name="Down">A, [r, in].</param>
/// <param name="Up">B, [out, r].</param>
/// <param name="Scale">The scaling times the identity.</param>
internal sealed record LowRank(Parameter Down, Parameter Up, Mat Scale);
