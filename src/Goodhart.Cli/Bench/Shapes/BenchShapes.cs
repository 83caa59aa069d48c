using Goodhart.Models;
using Goodhart.Studies.Configuration;

namespace Goodhart.Cli.Bench.Shapes;

/// <summary>The shapes that can be measured, by name.</summary>
internal static class BenchShapes
{
    private const int Gpt2Like = 50304;

    /// <summary>Those of the default study, which are measured where none is named.</summary>
    public static IReadOnlyList<BenchShape> OfTheStudy { get; } =
        [.. StudyFile.Preset(StudyPresets.Default).Models.OfType<SizedModel>().Select(model => new StudyShape(model))];

    /// <summary>All, the study's first; a to e are those of <c>bench/peers</c>.</summary>
    public static IReadOnlyList<BenchShape> All { get; } =
    [
        .. OfTheStudy,
        new TokenShape("a", 4, 128, 4, 512, new UniformLength(48, 80), new UniformLength(8, 24), 64),
        new TokenShape("b", 6, 256, 8, 2048, new FixedLength(128), new FixedLength(32), 32),
        new TokenShape("c", 6, 128, 4, Gpt2Like, new FixedLength(384), new FixedLength(48), 8),
        new TokenShape("d", 6, 512, 8, Gpt2Like, new FixedLength(384), new FixedLength(48), 4),
        new TokenShape("e", 12, 768, 12, Gpt2Like, new FixedLength(384), new FixedLength(48), 2),
        .. PublishedSizes.All.Select(model => new TokenShape(model.Name, model.Dimensions, 8)),
    ];

    /// <exception cref="ArgumentException">No such shape; the message lists them.</exception>
    public static BenchShape Named(string name) =>
        All.FirstOrDefault(shape => shape.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || shape.Name.Equals($"pythia-{name}", StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"--shapes: expected {string.Join(", ", All.Select(shape => shape.Name))}, found '{name}'.");
}
