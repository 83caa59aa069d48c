using System.Text.Json.Nodes;
using Goodhart.Pipeline;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Publishing;

namespace Goodhart.Steps.Runs;

/// <summary>A run that leaves one file of lines: FILE, which appears when it is whole, and beside it FILE.run, the run's folder.</summary>
public static class LineRun
{
    /// <summary>Runs the step, or what an interrupted run of the same command has left of it.</summary>
    /// <param name="path">FILE.</param>
    /// <param name="environment">Its folder is not used.</param>
    /// <exception cref="InvalidDataException">Bad input, or FILE comes from something else.</exception>
    /// <exception cref="IOException">Another run writes to FILE.</exception>
    public static async Task<T> RunAsync<T>(LineStep<T> step, string path, StageEnvironment environment, CancellationToken cancel)
    {
        string file = Path.GetFullPath(path);
        string folder = file + ".run";
        if (Directory.Exists(file))
        {
            throw new InvalidDataException($"{file} is a folder; --out expects a file.");
        }

        if (File.Exists(file) && !StudyDirectory.IsOurs(folder))
        {
            throw new InvalidDataException(
                $"{file} is there already and no {Path.GetFileName(folder)} says where it came from; name another --out file.");
        }

        step.Check();
        bool isNew = !Directory.Exists(folder);
        try
        {
            JsonNode? before = RunFolder.Record(folder)?["definition"];
            using StageRun run = new(environment with { Directory = folder }, step.Name);
            JsonNode definition = run.Runner.DefinitionOf(step);
            RunFolder.WriteRecord(run.Directory, new { stage = step.Name, definition = before ?? definition });
            RequireSame(file, folder, before ?? definition, definition);
            RequireUntouched(run.Runner, step, file);
            T result = await run.Runner.RunAsync(step, cancel).ConfigureAwait(false);
            Publish(run.Runner.DirectoryOf(step), file, folder);
            return result;
        }
        catch when (isNew && IsEmpty(folder))
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static void RequireSame(string file, string folder, JsonNode before, JsonNode now)
    {
        Dictionary<string, string> found = Leaves(before, "");
        Dictionary<string, string> wanted = Leaves(now, "");
        string[] differing = [.. wanted.Keys.Union(found.Keys).Where(key => found.GetValueOrDefault(key) != wanted.GetValueOrDefault(key))];
        if (differing.Length > 0)
        {
            string first = differing[0];
            throw new InvalidDataException(
                $"{file} belongs to another run: {string.Join(", ", differing)} changed (of {first} expected "
                + $"{wanted.GetValueOrDefault(first, "nothing")}, found {found.GetValueOrDefault(first, "nothing")}). "
                + $"Name another --out file, or delete it with its {Path.GetFileName(folder)}.");
        }
    }

    private static Dictionary<string, string> Leaves(JsonNode node, string name) => node is JsonObject inner
        ? inner.SelectMany(entry => Leaves(entry.Value!, Under(name, entry.Key))).ToDictionary(StringComparer.Ordinal)
        : new Dictionary<string, string> { [name] = node.ToJsonString() };

    private static string Under(string name, string key) =>
        key is "fields" or "$content" ? name : name.Length == 0 ? key : $"{name}.{key}";

    /// <summary>What somebody has made of FILE since is not written over.</summary>
    private static void RequireUntouched(Runner runner, Step step, string file)
    {
        if (File.Exists(file)
            && runner.RecordOf(step)?.Files.Single(stored => stored.Name == JsonLines.FileName).Sha256 != new InputFile(file).Sha256)
        {
            throw new InvalidDataException(
                $"{file} is not what the run beside it wrote, so it is left alone. Name another --out file, or move it away and run the "
                + "same command again.");
        }
    }

    private static void Publish(string artifact, string file, string folder)
    {
        if (!File.Exists(file))
        {
            string partial = Path.Combine(folder, "partial");
            File.Copy(Path.Combine(artifact, JsonLines.FileName), partial, overwrite: true);
            File.Move(partial, file);
        }
    }

    private static bool IsEmpty(string folder) => Directory.Exists(folder) && (!Directory.Exists(Path.Combine(folder, "steps"))
        || Directory.EnumerateFiles(Path.Combine(folder, "steps"), "*", SearchOption.AllDirectories)
            .All(file => new FileInfo(file).Length == 0));
}
