namespace Goodhart.Pipeline;

/// <summary>A step of a study as a task for anything that can start a command and shares the study's folder.</summary>
/// <param name="Id">The step's folder, NAME-KEY.</param>
/// <param name="Needs">Ids of the tasks that must be done before.</param>
/// <param name="Flops">Expected work.</param>
/// <param name="Command">Program and arguments; its exit codes are those of <see cref="StepExit"/>.</param>
public sealed record StepTask(
    string Id, string Label, IReadOnlyList<string> Needs, double Flops, TaskResources Resources, IReadOnlyList<string> Command);

/// <summary>What a task takes while it runs.</summary>
/// <param name="MemoryBytes">Of the study's largest step.</param>
/// <param name="Gpus">1 where steps compute on a GPU, else 0.</param>
public sealed record TaskResources(int Threads, long MemoryBytes, int Gpus);

/// <summary>How the steps of one study are run as commands.</summary>
/// <param name="Resources">The same for all.</param>
/// <param name="Program">What starts the program: its path, or a host and its path.</param>
/// <param name="Arguments">What <c>step NAME-KEY</c> is called with beside the name.</param>
public sealed record TaskTemplate(TaskResources Resources, IReadOnlyList<string> Program, IReadOnlyList<string> Arguments)
{
    /// <summary>What is left to run, each after those that it needs.</summary>
    public IReadOnlyList<StepTask> Of(Plan plan) => [.. plan.ToRun.Select(Of)];

    private StepTask Of(PlannedStep planned) => new(
        planned.Folder,
        planned.Label,
        [.. planned.Inputs.Where(input => input.Runs).Select(input => input.Folder)],
        planned.Step.EstimatedCost,
        Resources,
        [.. Program, "step", planned.Folder, .. Arguments]);
}
