using System.Text.RegularExpressions;

namespace Goodhart.Hub.Datasets;

/// <summary>Which files of a data set's repository hold which split: as its README says, else by the names of files and folders.</summary>
public static partial class DatasetLayout
{
    /// <summary>What the README calls a configuration that needs no name.</summary>
    public const string DefaultConfig = "default";

    /// <summary>The split of files that say none.</summary>
    public const string DefaultSplit = "train";

    private static readonly (string Split, string[] Words)[] Splits =
    [
        ("train", ["train", "training"]), ("validation", ["validation", "valid", "dev", "val"]),
        ("test", ["test", "testing", "eval", "evaluation"]),
    ];

    /// <summary>Files that are about data.</summary>
    private static readonly string[] Descriptions = ["dataset_infos.json", "dataset_info.json", "dataset_dict.json", "state.json"];

    /// <param name="paths">All that there are.</param>
    /// <param name="readme">Its text; null: there is none.</param>
    /// <exception cref="InvalidDataException">The README's head cannot be read.</exception>
    public static IReadOnlyList<DatasetSplit> Read(IEnumerable<string> paths, string? readme)
    {
        string[] data = [.. paths.Where(IsData).Order(StringComparer.Ordinal)];
        IReadOnlyList<NamedFiles> named = DatasetReadme.Read(readme);
        return named.Count == 0
            ? ByName(DefaultConfig, data)
            :
            [
                .. named.GroupBy(entry => entry.Config)
                    .SelectMany(config => OfConfig(config.Key, [.. config], data)).Where(split => split.Files.Count > 0),
            ];
    }

    /// <summary>Rows in a form that is read here.</summary>
    public static bool IsData(string path) =>
        DataName().IsMatch(path) && !Descriptions.Contains(path.Split('/')[^1]) && !path.Split('/').Any(part => part is ['.' or '_', ..]);

    private static IEnumerable<DatasetSplit> OfConfig(string config, NamedFiles[] entries, string[] data)
    {
        if (entries[0].Split is null)
        {
            return ByName(config, Matching(entries, data));
        }

        return entries.GroupBy(entry => entry.Split!).Select(split => new DatasetSplit(config, split.Key, Matching([.. split], data)));
    }

    private static string[] Matching(NamedFiles[] entries, string[] data)
    {
        Func<string, bool>[] patterns = [.. entries.Select(entry => PathPattern.Of(entry.Pattern))];
        return [.. data.Where(path => Array.Exists(patterns, matches => matches(path)))];
    }

    private static DatasetSplit[] ByName(string config, string[] data)
    {
        string[] shards = [.. data.Where(path => Shard().IsMatch(path))];
        if (shards.Length > 0)
        {
            return
            [
                .. shards.GroupBy(path => Shard().Match(path).Groups[1].Value)
                    .Select(split => new DatasetSplit(config, split.Key, [.. split])),
            ];
        }

        string?[] byFolder = [.. data.Select(path => Word(path.Split('/')[..^1]))];
        string?[] byFile = [.. data.Select(path => Word(path.Split('/')[^1..]))];
        string?[] words = Array.Exists(byFolder, word => word is not null) ? byFolder : byFile;
        return Array.TrueForAll(words, word => word is null)
            ? [.. data.Length > 0 ? (DatasetSplit[])[new DatasetSplit(config, DefaultSplit, data)] : []]
            :
            [
                .. data.Zip(words).Where(file => file.Second is not null).GroupBy(file => file.Second!, file => file.First)
                    .Select(split => new DatasetSplit(config, split.Key, [.. split])),
            ];
    }

    /// <summary>The split that one of the names says, as a word of its own.</summary>
    private static string? Word(string[] names) =>
        names.SelectMany(name => name.Split(Separators))
            .Select(word => Array.Find(Splits, split => split.Words.Contains(word)).Split).FirstOrDefault(split => split is not null);

    private static readonly char[] Separators = [.. " ._-0123456789"];

    [GeneratedRegex(@"\.(parquet|jsonl|json|ndjson|csv|tsv)(\.gz)?\z")]
    private static partial Regex DataName();

    [GeneratedRegex(@"\Adata/([^/]+?)-[0-9]{5}-of-[0-9]{5}[^/]*\z")]
    private static partial Regex Shard();
}
