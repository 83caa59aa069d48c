using YamlDotNet.RepresentationModel;

namespace Goodhart.Hub.Datasets;

/// <summary>The key <c>configs</c> in the head of a data set's README.</summary>
internal static class DatasetReadme
{
    /// <returns>In order; empty where nothing is said.</returns>
    /// <exception cref="InvalidDataException">The head is no YAML.</exception>
    public static IReadOnlyList<NamedFiles> Read(string? readme) => FrontMatter.Read(readme)?.Child("configs") is YamlSequenceNode configs
        ? [.. configs.OfType<YamlMappingNode>().SelectMany(OfConfig)]
        : [];

    private static IEnumerable<NamedFiles> OfConfig(YamlMappingNode config)
    {
        string name = config.Text("config_name") ?? DatasetLayout.DefaultConfig;
        string folder = config.Text("data_dir")?.Trim('/') is { Length: > 0 } named ? named + "/" : "";
        YamlNode? files = config.Child("data_files");
        return files is null
            ? [new NamedFiles(name, null, folder + "**")]
            : Patterns(files).Select(entry => new NamedFiles(name, entry.Split, folder + entry.Pattern));
    }

    private static IEnumerable<(string? Split, string Pattern)> Patterns(YamlNode files) => files switch
    {
        YamlScalarNode { Value: { } path } => [(null, path)],
        YamlSequenceNode list => list.SelectMany(Patterns),
        YamlMappingNode entry when entry.Child("path") is { } paths =>
            Patterns(paths).Select(path => (entry.Text("split") ?? DatasetLayout.DefaultSplit, path.Pattern))!,
        YamlMappingNode splits =>
            splits.SelectMany(split => Patterns(split.Value).Select(path => (((YamlScalarNode)split.Key).Value, path.Pattern))),
        _ => [],
    };
}
