using System.Text.Json;
using Goodhart.Pipeline;

namespace Goodhart.Cli.Planning;

/// <summary>What a study has left to run, for any scheduler: tasks.json.</summary>
/// <param name="WorkingDirectory">Where the commands are to be called: files that the study names are found from there.</param>
/// <param name="Tasks">Each after those that it needs.</param>
/// <param name="Collect">When all tasks are done: writes results and report.</param>
internal sealed record TaskList(
    int SchemaVersion, string Study, string WorkingDirectory, IReadOnlyList<StudyTask> Tasks, IReadOnlyList<string> Collect)
{
    private const int CurrentSchemaVersion = 1;

    /// <param name="step">What a step's command is called with beside its name.</param>
    /// <param name="collect">The command that collects.</param>
    public static TaskList Of(
        Plan plan, string directory, int threads, long bytes, IReadOnlyList<string> step, IReadOnlyList<string> collect) => new(
            CurrentSchemaVersion,
            directory,
            Environment.CurrentDirectory,
            [
                .. plan.ToRun.Select(planned => new StudyTask(
                    planned.Folder,
                    planned.Label,
                    [.. planned.Inputs.Where(input => input.Runs).Select(input => input.Folder)],
                    planned.Step.EstimatedCost,
                    new TaskResources(threads, bytes),
                    ["goodhart", "step", planned.Folder, .. step])),
            ],
            collect);

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

/// <param name="Id">The step's folder, NAME-KEY.</param>
/// <param name="Needs">Ids of the tasks that must be done before.</param>
/// <param name="Flops">Expected work.</param>
/// <param name="Command">Program and arguments; exit 0: done, 1: failed, 2: bad input, 75: not ready, 130: interrupted, call again.</param>
internal sealed record StudyTask(
    string Id, string Label, IReadOnlyList<string> Needs, double Flops, TaskResources Resources, IReadOnlyList<string> Command);

/// <param name="MemoryBytes">Of the study's largest step.</param>
internal sealed record TaskResources(int Threads, long MemoryBytes);
