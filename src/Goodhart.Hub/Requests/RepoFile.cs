namespace Goodhart.Hub.Requests;

/// <summary>A file of a repository at a commit.</summary>
/// <param name="Path">With slashes, below the repository.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Hash">Of its content: SHA-256 (64 digits) of a large file, git's SHA-1 of a blob (40 digits) of any other.</param>
public sealed record RepoFile(string Path, long Size, string Hash)
{
    /// <summary>Its name without folders.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
