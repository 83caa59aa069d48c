using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Goodhart.Hub.Cards;
using Goodhart.Pipeline;

namespace Goodhart.Steps.Publishing;

/// <summary>What a stage leaves in its folder, beside the steps: run.json, checkpoints/ and model/.</summary>
internal static class RunFolder
{
    public const string RecordFile = "run.json";

    private static readonly JsonSerializerOptions Layout = new(RecordJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Makes the folder ours, for one kind of stage.</summary>
    /// <exception cref="InvalidDataException">It holds something else.</exception>
    public static string Claim(string path, string stage)
    {
        string directory = StudyDirectory.Claim(path);
        string? other = (string?)Record(directory)?["stage"];
        if ((other is not null && other != stage) || File.Exists(Path.Combine(directory, "study.json")))
        {
            throw new InvalidDataException(
                $"{directory} holds {(other is null ? "a study" : $"a run of {other}")}. Give --out another folder.");
        }

        WriteRecord(directory, new { stage });
        return directory;
    }

    /// <summary>run.json; null where there is none.</summary>
    public static JsonNode? Record(string directory)
    {
        string path = Path.Combine(directory, RecordFile);
        return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) : null;
    }

    public static void WriteRecord(string directory, object record) =>
        AtomicFile.WriteAllText(Path.Combine(directory, RecordFile), JsonSerializer.Serialize(record, Layout) + "\n");

    /// <summary><c>checkpoints/step-N</c>, relative to the run's folder.</summary>
    public static string CheckpointName(int step) => string.Create(CultureInfo.InvariantCulture, $"checkpoints/step-{step}");

    /// <summary><c>checkpoints/step-N</c>, a link to the artifact, or a copy where the system gives no links.</summary>
    /// <returns>The folders, relative to the run's.</returns>
    public static IReadOnlyList<string> PublishCheckpoints(string directory, IReadOnlyList<(int Step, string Model)> checkpoints)
    {
        string folder = Path.Combine(directory, "checkpoints");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        List<string> names = [];
        foreach ((int step, string model) in checkpoints)
        {
            string name = CheckpointName(step);
            LinkOrCopy(Path.Combine(directory, name), model);
            names.Add(name);
        }

        return names;
    }

    /// <summary>model/: a copy, since people move it elsewhere. Appears whole or not at all; the one before it stays until then.</summary>
    public static void PublishModel(string directory, string model)
    {
        string target = Path.Combine(directory, "model");
        (string partial, string before) = (target + ".partial", target + ".before");
        if (Directory.Exists(before) && !Directory.Exists(target))
        {
            Directory.Move(before, target);   // a run was killed between the two moves below
        }

        RemoveFolder(before);
        RemoveFolder(partial);
        Copy(model, partial);
        string card = Path.Combine(target, ModelCard.FileName);
        if (File.Exists(card) && !ModelCard.IsOurs(card))
        {
            File.Copy(card, Path.Combine(partial, ModelCard.FileName));   // the user's own
        }

        if (Directory.Exists(target))
        {
            Directory.Move(target, before);
        }

        Directory.Move(partial, target);
        RemoveFolder(before);
    }

    private static void LinkOrCopy(string path, string model)
    {
        try
        {
            Directory.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, model));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Copy(model, path);
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string inner in Directory.EnumerateDirectories(from))
        {
            Copy(inner, Path.Combine(to, Path.GetFileName(inner)));
        }
    }

    private static void RemoveFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
