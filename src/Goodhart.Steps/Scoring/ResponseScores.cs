using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Scoring;

/// <summary>The reference's log-probs of a file's responses, each after its own prompt and after a mismatched row's: computed once,
/// whatever is trained against it. Nats per response.</summary>
public sealed record ResponseScores : ModelStep<KtoLogProbs[]>
{
    public required ModelSource Reference { get; init; }

    public required TokenizeResponses Rows { get; init; }

    public override string Label => $"reference log-probs of {Rows.Source.Name}";

    public override IReadOnlyList<FileNeed> Needs => Reference.Needs;

    /// <summary>The rows as KTO sees them.</summary>
    public static KtoRow[] Read(TokenizeResponses rows, StepContext context) => WithMismatched(rows.Read(context), rows.Source);

    /// <summary>Rows that were read.</summary>
    internal static KtoRow[] WithMismatched(LabelledResponse[] labelled, RowSource source) =>
        [.. labelled.Zip(MismatchedResponses.Of(labelled, source.LongestRow), (row, other) => new KtoRow(row, other))];

    public static KtoLogProbs[] Score(
        LanguageModel model, KtoRow[] rows, int rowBudget, Action<double> report, CancellationToken cancel) =>
    [
        .. PairScorer.Score(model, [.. rows.Select(row => row.BothTree)], rowBudget, report, cancel)
            .Select(logProbs => new KtoLogProbs(logProbs[0], logProbs[1])),
    ];

    protected override Task<KtoLogProbs[]> RunAsync(StepContext context, CancellationToken cancel)
    {
        using LanguageModel model = Reference.Load(context);
        return Task.FromResult(Score(model, Read(Rows, context), RowBudget, done => context.Report(new ProgressReport(done)), cancel));
    }
}
