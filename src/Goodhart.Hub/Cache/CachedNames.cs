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
}
