using System.Text.Json;
using Goodhart.Hub.Cache;
using Goodhart.Hub.Requests;

namespace Goodhart.Hub.Pulling;

/// <summary>
/// Which files of a commit a whole pull has fetched: <c>.pulled/COMMIT.json</c> in the repository's folder. A commit never changes, so with
/// it nothing has to be asked again; without it nobody but the hub knows whether a snapshot is all that is needed.
/// </summary>
/// <remarks>The hub's own client looks into blobs, refs, snapshots and names of its own beside them, and passes over this one.</remarks>
/// <param name="folder">The repository's.</param>
internal sealed class PulledCommit(string folder, string commit)
{
    private readonly string path = Path.Combine(folder, ".pulled", commit + ".json");

    /// <summary>The files, if all are there in their whole length; null: ask.</summary>
    public IReadOnlyList<RepoFile>? Find()
    {
        try
        {
            RepoFile[]? files = JsonSerializer.Deserialize<RepoFile[]>(File.ReadAllBytes(path));
            return files?.All(IsThere) == true ? files : null;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(IEnumerable<RepoFile> files)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        WholeFile.Write(path, JsonSerializer.Serialize(files.ToArray()));
    }

    private bool IsThere(RepoFile file) =>
        RepositoryWriter.LengthOf(Path.Combine(folder, "snapshots", commit, Path.Combine(file.Path.Split('/')))) == file.Size;
}
