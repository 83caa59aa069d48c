using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Pipeline;
using Goodhart.Steps.Measuring;

namespace Goodhart.Studies.Results;

/// <summary>The best cells of each remedy, by the study's own prompts: what the second pass is about.</summary>
public sealed record ChooseCells : Step<RankedCell[]>
{
    public required IReadOnlyList<Step<CheckpointEvaluation>> Evaluations { get; init; }

    /// <summary>Of each remedy.</summary>
    public required int Cells { get; init; }

    public override string Label => "choose the best cells";

    protected override bool DependsOnNumerics => false;

    /// <param name="read">The result of an evaluation.</param>
    public RankedCell[] Choose(Func<Step<CheckpointEvaluation>, CheckpointEvaluation> read) =>
        [.. RankedCell.Best(JudgedPrompts.Of([.. Evaluations.Select(step => read(step).Evaluated)]).Checkpoints, Cells)];

    protected override Task<RankedCell[]> RunAsync(StepContext context, CancellationToken cancel) => Task.FromResult(Choose(context.Get));
}
