using System.Globalization;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Llama;

namespace Goodhart.Models;

/// <summary>A family of models: how its configurations are read and made. Everything else follows from <see cref="ModelConfig"/>.</summary>
public abstract class Architecture
{
    /// <summary>All that are known.</summary>
    public static readonly IReadOnlyList<Architecture> All = [new GptNeoXArchitecture(), new LlamaArchitecture()];

    /// <summary>The names in options and studies.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(architecture => architecture.Name)];

    /// <summary>What a study or an option that names none means.</summary>
    public static Architecture Default => All[0];

    /// <summary>The name in options and studies.</summary>
    public abstract string Name { get; }

    /// <summary>The values of config.json's <c>model_type</c> that it reads.</summary>
    public abstract IReadOnlyList<string> ModelTypes { get; }

    /// <exception cref="ArgumentException">No such architecture; the message lists them.</exception>
    public static Architecture Named(string name) => All.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw new ArgumentException($"expected an architecture ({string.Join(", ", Names)}), found '{name}'");

    /// <summary>A configuration for training from scratch.</summary>
    /// <exception cref="InvalidDataException">Sizes that no such model can have.</exception>
    public abstract ModelConfig Create(ModelDimensions dimensions);

    /// <summary>Dimensions per head, in the words of who asks for a new model.</summary>
    /// <param name="multiple">That they must be a multiple of.</param>
    /// <exception cref="InvalidDataException">The heads do not divide the width so.</exception>
    private protected static int HeadSizeOf(ModelDimensions dimensions, int multiple)
    {
        int size = dimensions.HiddenSize / dimensions.Heads;
        return size * dimensions.Heads == dimensions.HiddenSize && size > 0 && size % multiple == 0
            ? size
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"--hidden-size {dimensions.HiddenSize} with --heads {dimensions.Heads}: expected a width that the heads divide into a "
                    + $"multiple of {multiple} dimensions each, found {(double)dimensions.HiddenSize / dimensions.Heads:0.##}. Change one "
                    + $"of them."));
    }

    /// <exception cref="InvalidDataException">An unsupported variant, a missing or impossible value.</exception>
    internal abstract ModelConfig Read(ConfigFields fields);
}
