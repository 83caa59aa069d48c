using System.Security.Cryptography;

namespace Goodhart.Pipeline;

/// <summary>The files of an artifact that is about to become visible.</summary>
internal static class PartialFiles
{
    /// <summary>Forces every file to the disk, so that the rename cannot overtake its content, and notes its length and hash.</summary>
    public static StoredFile[] FlushAndHash(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => FlushAndHash(path, Path.GetRelativePath(folder, path).Replace('\\', '/')))
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    private static StoredFile FlushAndHash(string path, string name)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        RandomAccess.FlushToDisk(stream.SafeFileHandle);
        return new(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
