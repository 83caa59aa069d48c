namespace Goodhart.Evaluation.Judges;

/// <summary>A judge that prefers the response with the higher score; equal scores tie. It has no position to be biased by.</summary>
public sealed class ScorerJudge(IResponseScorer scorer) : IJudge, IDisposable
{
    /// <summary>Scored at once, between looks at the cancellation.</summary>
    private const int Batch = 256;

    public string Identity => scorer.Identity;

    public JudgeForecast Forecast(IReadOnlyList<ResponsePair> pairs) => new(
        pairs.Count, Asks: pairs.Count(pair => !pair.IsIdentical), Identical: pairs.Count(pair => pair.IsIdentical), Stored: 0, Calls: 0, 0,
        0, Cost: 0);

    public Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress>? progress, CancellationToken cancel)
    {
        List<PairJudgement> judgements = [];
        foreach (ResponsePair[] batch in pairs.Chunk(Batch))
        {
            cancel.ThrowIfCancellationRequested();
            IReadOnlyList<double> scores = scorer.Score(
                [.. batch.SelectMany(pair => (PromptedResponse[])[Of(pair, pair.A), Of(pair, pair.B)])], cancel);
            judgements.AddRange(
                batch.Select((pair, i) => new PairJudgement(pair, pair.IsIdentical ? [] : [Compare(scores[2 * i], scores[(2 * i) + 1])])));
            progress?.Report(new JudgeProgress(judgements.Count, pairs.Count, null));
        }

        return Task.FromResult<IReadOnlyList<PairJudgement>>(judgements);
    }

    /// <summary>A reward model holds memory.</summary>
    public void Dispose() => (scorer as IDisposable)?.Dispose();

    private static PromptedResponse Of(ResponsePair pair, JudgedResponse response) =>
        new(pair.Prompt, response, pair.WrittenByTemplate);

    private static OrderedVerdict Compare(double a, double b) =>
        new(Swapped: false, a == b ? PairVerdict.Tie : a > b ? PairVerdict.First : PairVerdict.Second);
}
