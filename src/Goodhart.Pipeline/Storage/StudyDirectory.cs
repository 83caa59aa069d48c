using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Pipeline;

/// <summary>The folder a study writes into. Ours if it is empty or new, or carries our marker; anything else is left alone.</summary>
public static class StudyDirectory
{
    public const string Marker = "goodhart.json";

    private const int Schema = 1;

    /// <summary>Makes the folder ours, creating it where needed, and returns its full path.</summary>
    /// <exception cref="InvalidDataException">It holds something else, or was made by a newer version.</exception>
    public static string Claim(string path)
    {
        string directory = Path.GetFullPath(path);
        if (File.Exists(directory))
        {
            throw new InvalidDataException($"{directory} is a file; --out expects a folder. Name another one.");
        }

        Directory.CreateDirectory(directory);
        string marker = Path.Combine(directory, Marker);
        if (File.Exists(marker))
        {
            CheckSchema(marker);
            return directory;
        }

        RefuseForeign(directory);
        AtomicFile.WriteAllText(marker, $$"""{"schema":{{Schema}}}""" + "\n");
        return directory;
    }

    /// <summary>Whether the folder carries our marker.</summary>
    public static bool IsOurs(string path) => File.Exists(Path.Combine(path, Marker));

    private static void RefuseForeign(string directory)
    {
        // A process killed while it wrote the marker leaves only the marker's temporary file.
        string? foreign = Directory.EnumerateFileSystemEntries(directory).Select(entry => Path.GetFileName(entry))
            .Where(name => !name.StartsWith(Marker + AtomicFile.Infix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).FirstOrDefault();
        if (foreign is not null)
        {
            throw new InvalidDataException(
                $"{directory} already holds something else (for example '{foreign}'), and nothing there is overwritten. " +
                "Give --out an empty or new folder, or one that an earlier run made.");
        }
    }

    private static void CheckSchema(string marker)
    {
        int? schema;
        try
        {
            schema = (int?)JsonNode.Parse(File.ReadAllText(marker))?["schema"];
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or FormatException)
        {
            schema = null;
        }

        if (schema != Schema)
        {
            throw new InvalidDataException(
                $"{marker}: expected {{\"schema\":{Schema}}}, found {(schema is null ? "no schema" : $"schema {schema}")}. " +
                "Use the version that made the folder, or give --out another one.");
        }
    }

    /// <summary>
    /// The stored result of a kind of step, the newest where there are several: for drawing a report again without its study.
    /// </summary>
    /// <param name="name">The step's name, for example "tree-study".</param>
    /// <returns>Null where no such step is stored, or another version stored it.</returns>
    public static T? NewestResult<T>(string directory, string name)
        where T : class
    {
        string steps = Path.Combine(directory, "steps");
        string? newest = !Directory.Exists(steps) ? null : Directory.EnumerateDirectories(steps, name + "-*")
            .Select(folder => Path.Combine(folder, ArtifactStore.ResultFile))
            .Where(File.Exists).MaxBy(File.GetLastWriteTimeUtc);
        try
        {
            return newest is null ? null : ResultJson.Read<T>(File.ReadAllBytes(newest));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
