using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Goodhart.Hub.Names;

namespace Goodhart.Testing.Hub;

public enum HubAccess
{
    Public,
    Private,
    Gated,
}

/// <summary>A repository of the stand-in for the hub. Safetensors, Parquet and pickles are large files, others small.</summary>
public sealed class HubRepository(RepoKind kind, string id)
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, byte[]>> commits = [];

    public RepoKind Kind { get; } = kind;

    public string Id { get; } = id;

    public HubAccess Access { get; init; } = HubAccess.Public;

    /// <summary>Its new name, which requests are sent on to.</summary>
    public string? MovedTo { get; init; }

    public Dictionary<string, string> References { get; } = [];

    /// <summary>Adds a commit and lets a revision mean it.</summary>
    /// <returns>The commit.</returns>
    public string Commit(IReadOnlyDictionary<string, byte[]> files, string revision = HubName.DefaultRevision)
    {
        string commit = GitHash(Encoding.UTF8.GetBytes(
            $"{Id} {commits.Count} " + string.Concat(files.Select(file => file.Key + HashOf(file.Key, file.Value)))));
        commits[commit] = files;
        References[revision] = commit;
        return commit;
    }

    public string Commit(IReadOnlyDictionary<string, string> files, string revision = HubName.DefaultRevision) =>
        Commit(files.ToDictionary(file => file.Key, file => Encoding.UTF8.GetBytes(file.Value)), revision);

    public string? Resolve(string revision) => commits.ContainsKey(revision) ? revision : References.GetValueOrDefault(revision);

    /// <summary>Of every commit.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> AllFiles => commits.Values.SelectMany(files => files);

    public IReadOnlyDictionary<string, byte[]> FilesOf(string commit) => commits[commit];

    public static bool IsLarge(string path) => path.EndsWith(".safetensors", StringComparison.Ordinal)
        || path.EndsWith(".parquet", StringComparison.Ordinal) || path.EndsWith(".bin", StringComparison.Ordinal);

    /// <summary>By which the hub knows a file: SHA-256 of a large one, git's SHA-1 of a blob of a small one.</summary>
    public static string HashOf(string path, byte[] content) =>
        IsLarge(path) ? Convert.ToHexStringLower(SHA256.HashData(content)) : GitHash(content);

    /// <summary>As <c>git hash-object</c>.</summary>
    public static string GitHash(byte[] content)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0")));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
