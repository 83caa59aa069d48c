using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;

namespace Goodhart.Steps.Scoring;

/// <summary>The reference's log-probs of a file's pairs: computed once, whatever is trained against it. Nats per response.</summary>
public sealed record ReferenceScores : ModelStep<ReferencePair[]>
{
    public required ModelSource Reference { get; init; }

    public required IPairRows Rows { get; init; }

    /// <summary>Which of several models this is, for labels; empty where there is one.</summary>
    [NotInKey]
    public string ModelName { get; init; } = "";

    public override string Label =>
        $"reference log-probs{(ModelName.Length == 0 ? "" : " " + ModelName)} of {Rows.Source.Name}";

    public override IReadOnlyList<FileNeed> Needs => Reference.Needs;

    protected override Task<ReferencePair[]> RunAsync(StepContext context, CancellationToken cancel)
    {
        using LanguageModel model = Reference.Load(context);
        return Task.FromResult(
            PairScorer.Score(model, Rows.Read(context), RowBudget, done => context.Report(new ProgressReport(done)), cancel));
    }
}
