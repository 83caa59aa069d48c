using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Stages.Measuring;

/// <summary>A model's log-probs of preference pairs, a few hundred pairs at a time so that progress shows.</summary>
internal static class PairScorer
{
    private const int PairsAtOnce = 256;

    /// <param name="report">Told the share that is done.</param>
    public static ReferencePair[] Score(
        LanguageModel model, TokenizedPair[] pairs, int rowBudget, Action<double> report, CancellationToken cancel)
    {
        using ResponseScorer scorer = new(model, rowBudget);
        List<ReferencePair> scores = new(pairs.Length);
        foreach (TokenizedPair[] part in pairs.Chunk(PairsAtOnce))
        {
            double[][] logProbs = scorer.LogProbs([.. part.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))], cancel);
            scores.AddRange(logProbs.Select(pair => new ReferencePair(pair[0], pair[1])));
            report((double)scores.Count / pairs.Length);
        }

        return [.. scores];
    }
}
