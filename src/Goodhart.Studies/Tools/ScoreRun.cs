using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Models.Scoring;

namespace Goodhart.Studies.Tools;

/// <param name="Resumed">Rows that an earlier run had left.</param>
/// <param name="NatsPerToken">Mean negative log-prob of the response tokens scored in this run; null if it scored none.</param>
public sealed record ScoreSummary(int Rows, int Resumed, double? NatsPerToken);

/// <summary>Log-probs of given responses: every row again, with <c>logProb</c> and <c>tokenLogProbs</c> added (or replaced).</summary>
/// <remarks>Each row is scored by itself, never through a neighbour's prompt, so its bits do not depend on its place in the file.</remarks>
public sealed class ScoreRun(LoadedModel model)
{
    private const int RowsPerBatch = 32;

    /// <param name="rows">As many as the file has.</param>
    /// <param name="total">Their number, for the progress.</param>
    /// <exception cref="InvalidDataException">A bad row, or a log-prob that is not finite.</exception>
    public ScoreSummary Run(
        IEnumerable<ResponseRow> rows, int total, IResultLines lines, IProgress<WorkDone> progress, CancellationToken cancel)
    {
        int done = lines.Done;
        double nats = 0;
        long tokens = 0;
        using ResponseScorer scorer = new(model.Model);
        foreach (ResponseRow[] batch in rows.Skip(done).Chunk(RowsPerBatch))
        {
            cancel.ThrowIfCancellationRequested();
            float[][][] scored = scorer.TokenLogProbs([.. batch.Select(row => new PromptTree(row.Prompt, [row.Response]))], cancel);
            lines.Append([.. batch.Zip(scored, (row, response) => Line(row, response[0]))]);
            nats -= scored.Sum(response => ResponseScorer.Sum(response[0]));
            tokens += batch.Sum(row => (long)row.Response.Length);
            done += batch.Length;
            progress.Report(new WorkDone(done, total));
        }

        lines.Complete();
        return new ScoreSummary(done, lines.Done, tokens > 0 ? nats / tokens : null);
    }

    private string Line(ResponseRow row, float[] tokenLogProbs)
    {
        double logProb = ResponseScorer.Sum(tokenLogProbs);
        if (!double.IsFinite(logProb))
        {
            throw new InvalidDataException(
                $"{row.Source.File} {row.Source.Place}: expected a finite log-prob, found {logProb}: "
                + $"{model.Path} has weights that are not finite or too large.");
        }

        JsonObject fields = (JsonObject)row.Source.Fields.DeepClone();
        fields["logProb"] = logProb;
        fields["tokenLogProbs"] = JsonSerializer.SerializeToNode(tokenLogProbs);
        return fields.ToJsonString(JsonLines.Options);
    }
}
