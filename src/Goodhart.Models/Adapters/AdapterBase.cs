using Goodhart.Hub.Cache;
using Goodhart.Hub.Names;

namespace Goodhart.Models.Adapters;

/// <summary>Finds the model that an adapter stands on: adapter_config.json names it by a path that may be relative to anything.</summary>
internal static class AdapterBase
{
    /// <summary>An absolute path; or relative to the adapter's folder (to where it really lies, where it is a link), or to the current one;
    /// or a name of the hub whose model is in the cache.</summary>
    /// <exception cref="DirectoryNotFoundException">No such folder; the message says where it was looked for.</exception>
    public static string Find(string adapter, AdapterFile file)
    {
        string name = file.BaseModel;
        string real = Directory.ResolveLinkTarget(adapter, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(adapter);
        string[] places =
        [
            .. ((string[])[Path.Combine(real, name), Path.Combine(adapter, name), name]).Select(Path.GetFullPath).Distinct(),
        ];
        string onHub = file.Revision is { Length: > 0 } revision ? $"{name}@{revision}" : name;
        string cached = CachedNames.Model(onHub);
        return places.FirstOrDefault(Directory.Exists) ?? (Directory.Exists(cached) ? cached : throw new DirectoryNotFoundException(
            $"{adapter} is an adapter of {name} (base_model_name_or_path in {AdapterFile.Name}), and there is no such model folder: "
                + "looked for "
            + $"{string.Join(" and ", places)}. Put the model there, or write its path into {AdapterFile.Name}."
            + (
                HubName.TryParse(onHub, RepoKind.Model) is { } hub
                    ? $" If it is a name of the hub, fetch it with\n  {hub.PullCommand}"
                    : "")));
    }

    /// <summary>How a new adapter's file is to name its base.</summary>
    /// <param name="path">The base's folder.</param>
    /// <param name="adapter">The adapter's.</param>
    /// <param name="movesWith">A folder within which the two stay where they are to each other; null: none.</param>
    public static (string Name, string? Revision) NameOf(string path, string adapter, string? movesWith)
    {
        string full = Path.GetFullPath(path);
        if (movesWith is not null && full.StartsWith(Path.GetFullPath(movesWith) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return (Path.GetRelativePath(adapter, full).Replace('\\', '/'), null);
        }

        return HubSnapshot.Holding(full) is { } snapshot && snapshot.Path == full ? (snapshot.Name.Id, snapshot.Commit) : (full, null);
    }
}
