using Goodhart.Hub.Datasets;
using Goodhart.Hub.Names;

namespace Goodhart.Hub.Cache;

/// <summary>Names of the hub where a path is expected. Nothing is fetched: what the cache has is found, and what it lacks is not.</summary>
public static class CachedNames
{
    /// <summary>The folder that a model is in: the path itself where there is one, else the cache's by that name.</summary>
    /// <returns>The text as it is where neither is there.</returns>
    public static string Model(string text) => Model(text, HubSettings.Current);

    /// <inheritdoc cref="Model(string)"/>
    public static string Model(string text, HubSettings settings) =>
        !Path.Exists(text) && HubName.TryParse(text, RepoKind.Model) is { } name
            && new HubCache(settings.CacheFolder).Find(name) is { } found
            ? found.Path
            : text;

    /// <summary>The file that a split of a data set is in: the path itself where there is one, else the cache's by that name.</summary>
    /// <returns>The text as it is where neither is there.</returns>
    /// <exception cref="InvalidDataException">The data set is there, and no split of one file is meant.</exception>
    public static string Data(string text) => Data(text, HubSettings.Current);

    /// <inheritdoc cref="Data(string)"/>
    public static string Data(string text, HubSettings settings)
    {
        if (
            Path.Exists(text) || DatasetName.TryParse(text) is not { } name
                || new HubCache(settings.CacheFolder).Find(name.Repository) is not { } found)
        {
            return text;
        }

        string readme = Path.Combine(found.Path, "README.md");
        string[] paths =
        [
            .. Directory.EnumerateFiles(found.Path, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(found.Path, file).Replace('\\', '/')),
        ];
        DatasetSplit split = name.Choose(DatasetLayout.Read(paths, File.Exists(readme) ? File.ReadAllText(readme) : null));
        return split.Files is [{ } only]
            ? Path.Combine(found.Path, Path.Combine(only.Split('/')))
            : throw new InvalidDataException(FormattableString.Invariant(
                $"{text}: its rows are in {split.Files.Count} files, and a data file is one here: name one of them, such as ")
                + $"{Path.Combine(found.Path, split.Files[0])}.");
    }

    /// <summary>How to fetch a data set that neither a path nor the cache has; null where one has it, or the text is no name.</summary>
    public static string? MissingData(string text)
    {
        HubSettings settings = HubSettings.Current;
        return Path.Exists(text) || DatasetLayout.IsData(text) || DatasetName.TryParse(text) is not { } name
            || !name.Repository.Id.Contains('/', StringComparison.Ordinal)
            || new HubCache(settings.CacheFolder).Find(name.Repository) is not null
                ? null
                : $"no file {text}, and no data set of that name in the hub's cache ({settings.CacheFolder}).\n"
                    + $"Nothing is downloaded unasked. If it is a name of the hub, fetch it with\n  {name.Repository.PullCommand}";
    }
}
