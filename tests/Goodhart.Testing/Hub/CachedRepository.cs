using System.Security.Cryptography;
using Goodhart.Hub.Names;

namespace Goodhart.Testing.Hub;

/// <summary>A repository in a cache folder, laid out as the hub's own client does it.</summary>
public static class CachedRepository
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    /// <param name="cache">The folder of all repositories.</param>
    /// <param name="source">A folder whose files the repository has; those in subfolders too.</param>
    /// <param name="links">False: plain files in the snapshot, as where a system has no links.</param>
    /// <returns>The snapshot.</returns>
    public static string Write(string cache, HubName name, string source, bool links = true)
    {
        string folder = Path.Combine(cache, name.Folder);
        string snapshot = Path.Combine(folder, "snapshots", Commit);
        Directory.CreateDirectory(Path.Combine(folder, "blobs"));
        Directory.CreateDirectory(snapshot);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string place = Path.Combine(snapshot, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            string blob = Path.Combine(folder, "blobs", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
            File.Copy(file, links ? blob : place, overwrite: true);
            if (links)
            {
                File.CreateSymbolicLink(place, Path.GetRelativePath(Path.GetDirectoryName(place)!, blob));
            }
        }

        if (name.Commit is null)
        {
            string reference = Path.Combine(folder, "refs", name.Revision);
            Directory.CreateDirectory(Path.GetDirectoryName(reference)!);
            File.WriteAllText(reference, Commit);
        }

        return snapshot;
    }
}
