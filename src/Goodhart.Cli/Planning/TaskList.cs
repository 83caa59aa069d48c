using System.Text.Json;
using Goodhart.Pipeline;

namespace Goodhart.Cli.Planning;

/// <summary>What a study has left to run, for any scheduler: tasks.json.</summary>
/// <param name="WorkingDirectory">Where the commands are to be called: files that the study names are found from there.</param>
/// <param name="Tasks">Each after those that it needs.</param>
/// <param name="Collect">When all tasks are done: writes results and report.</param>
internal sealed record TaskList(
    int SchemaVersion, string Study, string WorkingDirectory, IReadOnlyList<StepTask> Tasks, IReadOnlyList<string> Collect)
{
    private const int CurrentSchemaVersion = 1;

    /// <param name="directory">The study's folder.</param>
    /// <param name="collect">The command that collects.</param>
    public static TaskList Of(Plan plan, string directory, TaskTemplate template, IReadOnlyList<string> collect) =>
        new(CurrentSchemaVersion, directory, Environment.CurrentDirectory, template.Of(plan), collect);

    /// <summary>A list of tasks may be written anew; nothing else is replaced.</summary>
    /// <exception cref="InvalidDataException">There is another file of that name.</exception>
    public static void RequirePlace(string path)
    {
        if (File.Exists(path) && !IsOne(path))
        {
            throw new InvalidDataException($"--export-tasks: {path} exists and is no list of tasks; name another file.");
        }
    }

    private static bool IsOne(string path)
    {
        try
        {
            using JsonDocument found = JsonDocument.Parse(File.ReadAllBytes(path));
            return found.RootElement.ValueKind == JsonValueKind.Object && found.RootElement.TryGetProperty("tasks", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
