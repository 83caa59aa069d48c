using System.Text.Json;
using System.Text.RegularExpressions;

namespace Goodhart.Pipeline;

/// <summary>The stored steps of a study's folder, for somebody who only looks: takes no lock, writes nothing, and may watch a folder that
/// another machine fills.</summary>
/// <param name="directory">The study's folder.</param>
public sealed partial class StoredSteps(string directory)
{
    private readonly string steps = Path.Combine(Path.GetFullPath(directory), "steps");

    /// <summary>When a step was stored last, UTC; the beginning of time where none is.</summary>
    public DateTime Changed => Directory.GetLastWriteTimeUtc(steps);

    /// <summary>Names of the folders of whole artifacts, NAME-KEY.</summary>
    public IEnumerable<string> Folders() => !Directory.Exists(steps) ? [] : Directory.EnumerateDirectories(steps)
        .Select(path => Path.GetFileName(path)).Where(name => FolderName().IsMatch(name));

    /// <summary>Null where there is none, or none that this version can read.</summary>
    public StepRecord? Record(string folder) => Read(folder, ArtifactStore.RecordFile, StepRecord.FromJson);

    /// <inheritdoc cref="Record"/>
    public T? Result<T>(string folder)
        where T : class => Read(folder, ArtifactStore.ResultFile, ResultJson.Read<T>);

    /// <summary>Full path of a file of an artifact; null where it has none of that name.</summary>
    public string? FileOf(string folder, string file)
    {
        string path = Path.Combine(steps, folder, file);
        return FolderName().IsMatch(folder) && File.Exists(path) ? path : null;
    }

    private T? Read<T>(string folder, string file, Func<byte[], T> parse)
        where T : class
    {
        try
        {
            return FileOf(folder, file) is { } path ? parse(File.ReadAllBytes(path)) : null;
        }
        catch (Exception cause) when (cause is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{16}$")]
    private static partial Regex FolderName();
}
