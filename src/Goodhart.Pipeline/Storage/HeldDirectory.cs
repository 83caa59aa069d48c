namespace Goodhart.Pipeline;

/// <summary>A folder that is ours, and that no other run writes into until this is disposed of.</summary>
public sealed class HeldDirectory : IDisposable
{
    private readonly DirectoryLock held;

    private HeldDirectory(string path, DirectoryLock held) => (Path, this.held) = (path, held);

    /// <summary>In full.</summary>
    public string Path { get; }

    /// <summary>Makes a folder ours as <see cref="StudyDirectory.Claim"/> does, and holds it.</summary>
    /// <exception cref="InvalidDataException">It holds something else.</exception>
    /// <exception cref="IOException">Another run holds it.</exception>
    public static HeldDirectory Take(string path)
    {
        string directory = StudyDirectory.Claim(path);
        return new HeldDirectory(directory, DirectoryLock.Take(directory));
    }

    public void Dispose() => held.Dispose();
}
