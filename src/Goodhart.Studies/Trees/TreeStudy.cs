using Goodhart.Engine;
using Goodhart.Pipeline;
using Goodhart.Steps.Lines;

namespace Goodhart.Studies.Trees;

/// <summary>The tree study as a step, so that a study runs it once and keeps it.</summary>
public sealed record TreeStudy : Step<TreeResults>
{
    public required TreeSettings Settings { get; init; }

    public override string Label => "tree MDP";

    protected override Task<TreeResults> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult(
        TreeExperiment.Run(Settings, [context.Service<IDevice>()], new StepProgress(context), cancel));

    private sealed class StepProgress(StepContext context) : IProgress<WorkDone>
    {
        public void Report(WorkDone value) => context.Report(new ProgressReport((double)value.Done / value.Total, "aligned"));
    }
}
