using Goodhart.Alignment.Training;
using Goodhart.Models.Scoring;

namespace Goodhart.Alignment.PolicyGradient;

/// <summary>One update of a model from the tokens of some episodes: cuts them into forests and spreads the derivative over
/// targets.</summary>
internal static class PolicyUpdate
{
    /// <summary>An update of the policy by its surrogate: the mean over the mini-batch's actions.</summary>
    public static UpdateReport Run(
        Updater updater, Surrogate surrogate, IReadOnlyList<Episode> episodes, float[][] old, double[][] advantages, int rowBudget,
        int totalUpdates, SurrogateTally tally)
    {
        double actions = episodes.Sum(surrogate.Actions);
        return updater.Update(Parts(episodes, rowBudget, Upstream), totalUpdates, Rows(episodes));

        float[] Upstream(float[] logProbs, EpisodeForest forest, int first)
        {
            float[] upstream = new float[logProbs.Length];
            double[] slopes = new double[episodes.Max(episode => episode.Tokens.Length)];
            for (int i = 0; i < forest.Targets.Length; i++)
            {
                Span<float> own = upstream.AsSpan(forest.Targets[i]);
                surrogate.Evaluate(
                    logProbs.AsSpan(forest.Targets[i]), old[first + i], advantages[first + i], slopes.AsSpan(0, own.Length), tally);
                for (int t = 0; t < own.Length; t++)
                {
                    own[t] = (float)(slopes[t] / actions);
                }
            }

            return Finite(upstream, updater, episodes);
        }
    }

    /// <summary>An update of the value model: the mean over the mini-batch's tokens of the clipped squared error.</summary>
    public static (double Loss, double ClipShare) RunValue(
        Updater updater, double clipRange, IReadOnlyList<Episode> episodes, double[][] old, double[][] returns, int rowBudget,
        int totalUpdates)
    {
        double tokens = episodes.Sum(episode => episode.Tokens.Length);
        double loss = 0;
        double clipped = 0;
        updater.Update(Parts(episodes, rowBudget, Upstream), totalUpdates, Rows(episodes));
        return (loss / tokens, clipped / tokens);

        float[] Upstream(float[] scores, EpisodeForest forest, int first)
        {
            // Responses of one prompt share the row before their first token: its derivative is their sum.
            double[] sums = new double[scores.Length];
            for (int i = 0; i < forest.Targets.Length; i++)
            {
                int[] rows = forest.Plan.TargetRows[forest.Targets[i]];
                for (int t = 0; t < rows.Length; t++)
                {
                    (double term, double slope, bool isClipped) =
                        ClippedValueLoss.Evaluate(scores[rows[t]], old[first + i][t], returns[first + i][t], clipRange);
                    loss += term;
                    clipped += isClipped ? 1 : 0;
                    sums[rows[t]] += slope / tokens;
                }
            }

            return Finite(Array.ConvertAll(sums, sum => (float)sum), updater, episodes);
        }
    }

    private static IEnumerable<MicroBatch> Parts(
        IReadOnlyList<Episode> episodes, int rowBudget, Func<float[], EpisodeForest, int, float[]> upstream)
    {
        IReadOnlyList<(PromptTree Tree, Range Episodes)> groups = EpisodeForest.Groups(episodes);
        foreach (Range part in ForestPacker.Pack(groups, group => group.Tree.Rows, rowBudget))
        {
            Range covered = groups[part.Start.Value].Episodes.Start..groups[part.End.Value - 1].Episodes.End;
            EpisodeForest forest = EpisodeForest.Of([.. episodes.Take(covered)]);
            yield return new MicroBatch(forest.Plan, outputs => upstream(outputs, forest, covered.Start.Value));
        }
    }

    private static int[] Rows(IReadOnlyList<Episode> episodes) => [.. episodes.Select(episode => episode.Item)];

    private static float[] Finite(float[] upstream, Updater updater, IReadOnlyList<Episode> episodes) =>
        Array.TrueForAll(upstream, float.IsFinite)
            ? upstream
            : throw new NonFiniteException("a policy-gradient term", updater.State.Steps, Rows(episodes));
}
