using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Adapters;

/// <summary>
/// A low-rank adapter's constants: y = W x + b + scaling · B (A x). Hu et al. 2021, arXiv:2106.09685; defaults are PEFT's.
/// </summary>
public sealed record LoraConfig
{
    /// <summary>r: rows of A, columns of B.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>α.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary>Scaling α/√r and not α/r. Kalajdzievski 2023, arXiv:2312.03732.</summary>
    public bool RankStabilized { get; init; }

    /// <summary>Null: what is usual for the architecture.</summary>
    public AdapterTargets? Targets { get; init; }

    /// <summary>Layers that are left out although <see cref="Targets"/> matches them.</summary>
    public AdapterTargets? Excluded { get; init; }

    /// <summary>How A and B begin.</summary>
    public AdapterStart Start { get; init; }

    public double Scaling => RankStabilized ? Alpha / Math.Sqrt(Rank) : Alpha / Rank;

    /// <summary>The layers of a model that it stands beside, in the order of the forward pass: the tensors of their weights.</summary>
    /// <exception cref="InvalidDataException">None.</exception>
    public IReadOnlyList<TensorSpec> LayersOf(ModelConfig model)
    {
        AdapterTargets targets = Targets ?? new NamedTargets(model.UsualAdapterTargets);
        IReadOnlyList<TensorSpec> linear = model.LinearLayers();
        TensorSpec[] chosen =
        [
            .. linear.Where(layer => targets.Matches(ModuleOf(layer)) && Excluded?.Matches(ModuleOf(layer)) != true),
        ];
        return chosen.Length > 0 ? chosen : throw new InvalidDataException(
            $"target_modules: expected some of {string.Join(", ", ShortNames(linear))}, or {AllLinear.Name}, found '{targets}', which is "
                + "none of them.");
    }

    /// <summary>Numbers that it trains: of A and B, and of the head where a score is learnt.</summary>
    /// <exception cref="InvalidDataException">No layer is adapted.</exception>
    public long ParametersOn(ModelConfig model, OutputHead head) =>
        AdapterTensors.Of(head == OutputHead.Score ? model.WithScoreHead() : model, this, trainsHead: head == OutputHead.Score)
            .Sum(tensor => tensor.Shape.Elements);

    /// <summary>As <see cref="LayersOf"/>, where every name that is given must be a layer's: what is wanted of a new adapter.</summary>
    /// <exception cref="InvalidDataException">A name that no layer has.</exception>
    public LoraConfig For(ModelConfig model)
    {
        RequireLayers(model, "targets", Targets, $", or {AllLinear.Name}");
        RequireLayers(model, "exclude", Excluded, "");
        return this with { Targets = Targets ?? new NamedTargets(model.UsualAdapterTargets) };
    }

    /// <summary>The same for a new adapter on another model, without the names that none of its layers has.</summary>
    /// <exception cref="InvalidDataException">It has no layer that is named.</exception>
    public LoraConfig OnOther(ModelConfig model)
    {
        LayersOf(model);
        return this with { Targets = Known(Targets), Excluded = Known(Excluded), Start = AdapterStart.Uniform };

        AdapterTargets? Known(AdapterTargets? targets) => targets is not NamedTargets named ? targets : new NamedTargets(
            [.. named.Names.Where(name => model.LinearLayers().Any(layer => new NamedTargets([name]).Matches(ModuleOf(layer))))]);
    }

    /// <summary>A layer's name from its weight's.</summary>
    internal static string ModuleOf(TensorSpec weight) => weight.Name[..^".weight".Length];

    private static void RequireLayers(ModelConfig model, string key, AdapterTargets? targets, string others)
    {
        IReadOnlyList<TensorSpec> linear = model.LinearLayers();
        if (targets is NamedTargets named
            && named.Names.FirstOrDefault(name => !linear.Any(layer => new NamedTargets([name]).Matches(ModuleOf(layer)))) is { } unknown)
        {
            throw new InvalidDataException(
                $"--lora {key}: expected some of {string.Join(", ", ShortNames(linear))}{others}, found '{unknown}' "
                + $"(a {model.ModelType} model has no such linear layer; embedding and head are not adapted).");
        }
    }

    private static IEnumerable<string> ShortNames(IReadOnlyList<TensorSpec> layers) =>
        layers.Select(layer => ModuleOf(layer)[(ModuleOf(layer).LastIndexOf('.') + 1)..]).Distinct();
}

/// <summary>How an adapter's matrices begin: PEFT's <c>init_lora_weights</c>.</summary>
public enum AdapterStart
{
    /// <summary>A uniform within ±1/√in, B = 0: the model is unchanged.</summary>
    Uniform,

    /// <summary>A normal with deviation 1/r, B = 0: the model is unchanged.</summary>
    Gaussian,

    /// <summary>B uniform within ±1/√r too: the model is changed from the start (PEFT's false, meant for its tests).</summary>
    Both,
}
