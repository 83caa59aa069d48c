using Goodhart.Hub.Names;

namespace Goodhart.Hub.Cache;

/// <summary>A repository's files at one commit, in the cache.</summary>
/// <param name="Name">The revision is what it was asked for by.</param>
public sealed record HubSnapshot(HubName Name, string Commit, string Path)
{
    /// <summary>The snapshot that a folder, or a file in it, belongs to; null where it is none of a cache's.</summary>
    /// <remarks>Only the path is looked at. The revision is the commit: a path does not say by what name it was found.</remarks>
    public static HubSnapshot? Holding(string path)
    {
        DirectoryInfo? folder = new(System.IO.Path.GetFullPath(path));
        for (; folder is not null; folder = folder.Parent)
        {
            if (folder.Parent is { Name: "snapshots", Parent: { } repository } && HubName.IsCommit(folder.Name)
                && NameOf(repository.Name, folder.Name) is { } name)
            {
                return new HubSnapshot(name, folder.Name, folder.FullName);
            }
        }

        return null;
    }

    private static HubName? NameOf(string folder, string commit)
    {
        string[] parts = folder.Split("--", 2);
        RepoKind? kind = parts[0] switch
        {
            "models" => RepoKind.Model,
            "datasets" => RepoKind.Dataset,
            _ => null,
        };
        return kind is null || parts.Length < 2
            ? null
            : HubName.TryParse($"{parts[1].Replace("--", "/", StringComparison.Ordinal)}@{commit}", kind.Value);
    }
}
