using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Scoring;

/// <summary>A model's log-probs of responses, a few hundred prompts at a time so that progress shows.</summary>
internal static class PairScorer
{
    private const int PromptsAtOnce = 256;

    /// <param name="report">Told the share that is done.</param>
    public static ReferencePair[] Score(
        LanguageModel model, TokenizedPair[] pairs, int rowBudget, Action<double> report, CancellationToken cancel) =>
    [
        .. Score(model, [.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))], rowBudget, report, cancel)
            .Select(pair => new ReferencePair(pair[0], pair[1])),
    ];

    /// <summary>A pair as losses see it.</summary>
    public static PairLogProbs LogProbs(TokenizedPair pair, ReferencePair policy, ReferencePair reference) => new(
        policy.Chosen, policy.Rejected, reference.Chosen, reference.Rejected, pair.Chosen.Length, pair.Rejected.Length);

    /// <returns>Per tree, one log-prob per response.</returns>
    /// <inheritdoc cref="Score(LanguageModel, TokenizedPair[], int, Action{double}, CancellationToken)"/>
    public static double[][] Score(LanguageModel model, PromptTree[] trees, int rowBudget, Action<double> report, CancellationToken cancel)
    {
        using ResponseScorer scorer = new(model, rowBudget);
        List<double[]> scores = new(trees.Length);
        foreach (PromptTree[] part in trees.Chunk(PromptsAtOnce))
        {
            scores.AddRange(scorer.LogProbs(part, cancel));
            report((double)scores.Count / trees.Length);
        }

        return [.. scores];
    }
}
