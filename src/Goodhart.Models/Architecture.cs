using Goodhart.Models.GptNeoX;
using Goodhart.Models.HuggingFace;

namespace Goodhart.Models;

/// <summary>A family of models: how its configurations are read and made. Everything else follows from <see cref="ModelConfig"/>.</summary>
public abstract class Architecture
{
    /// <summary>All that are known.</summary>
    public static readonly IReadOnlyList<Architecture> All = [new GptNeoXArchitecture()];

    /// <summary>What a study or an option that names none means.</summary>
    public static Architecture Default => All[0];

    /// <summary>The name in options and studies.</summary>
    public abstract string Name { get; }

    /// <summary>The values of config.json's <c>model_type</c> that it reads.</summary>
    public abstract IReadOnlyList<string> ModelTypes { get; }

    /// <exception cref="ArgumentException">No such architecture; the message lists them.</exception>
    public static Architecture Named(string name) => All.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw new ArgumentException($"expected an architecture ({string.Join(", ", All.Select(known => known.Name))}), found '{name}'");

    /// <summary>A configuration for training from scratch.</summary>
    /// <exception cref="InvalidDataException">Sizes that no such model can have.</exception>
    public abstract ModelConfig Create(ModelDimensions dimensions);

    /// <exception cref="InvalidDataException">An unsupported variant, a missing or impossible value.</exception>
    internal abstract ModelConfig Read(ConfigFields fields);
}
