using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Alignment.Rewards;

/// <summary>Trains a reward model on preference pairs with Eq. (2); a pair's two responses share the computation of their prompt.</summary>
/// <param name="model">With a head of one score.</param>
/// <param name="rowBudget">Rows per micro-batch: speed and memory, never the result.</param>
/// <param name="memory">Null: the usual.</param>
public sealed class RewardTrainer(
    LanguageModel model, TrainingOptions options, int rowBudget = ResponseScorer.DefaultRowBudget, TrainingMemory? memory = null)
    : IDisposable
{
    private readonly Updater updater = new(model, options, ModelOutputs.Scores, memory);

    public Updater Updater => updater;

    /// <param name="margins">One per pair; empty for none.</param>
    /// <exception cref="NonFiniteException">A reward or the gradient is not finite.</exception>
    public RewardReport Step(IReadOnlyList<TokenizedPair> pairs, IReadOnlyList<double> margins, int totalSteps)
    {
        int[] rows = [.. pairs.Select(pair => pair.Id)];
        double[] chosen = new double[pairs.Count];
        double[] rejected = new double[pairs.Count];
        double[] losses = new double[pairs.Count];
        UpdateReport update = updater.Update(
            ForestPacker.Pack(pairs, pair => RewardForest.RowsOf(Tree(pair)), rowBudget).Select(Part), totalSteps, rows);
        return RewardReport.From(losses, chosen, rejected, update);

        MicroBatch Part(Range part)
        {
            TokenizedPair[] items = [.. pairs.Take(part)];
            return new MicroBatch(RewardForest.Plan([.. items.Select(Tree)]), scores => Upstream(scores, part.Start.Value));
        }

        float[] Upstream(float[] scores, int start)
        {
            float[] upstream = new float[scores.Length];
            for (int i = 0; i < scores.Length / 2; i++)
            {
                int pair = start + i;
                (chosen[pair], rejected[pair]) = (scores[2 * i], scores[(2 * i) + 1]);
                (losses[pair], double slope) = RewardLoss.Evaluate(chosen[pair], rejected[pair], margins.Count == 0 ? 0 : margins[pair]);
                if (!double.IsFinite(losses[pair]))
                {
                    throw new NonFiniteException($"the reward of pair {rows[pair]}", updater.State.Steps, rows);
                }

                upstream[2 * i] = (float)(slope / pairs.Count);
                upstream[(2 * i) + 1] = (float)(-slope / pairs.Count);
            }

            return upstream;
        }
    }

    public void Dispose() => updater.Dispose();

    private static PromptTree Tree(TokenizedPair pair) => new(pair.Prompt, [pair.Chosen, pair.Rejected]);
}

/// <summary>One update of a reward model: means over the batch.</summary>
/// <param name="Accuracy">Share of pairs whose chosen response scores higher, ties one half.</param>
/// <param name="Margin">Mean of r_w − r_l.</param>
public readonly record struct RewardReport(double Loss, double Accuracy, double Margin, double Chosen, double Rejected, UpdateReport Update)
{
    internal static RewardReport From(double[] losses, double[] chosen, double[] rejected, UpdateReport update) => new(
        losses.Average(),
        chosen.Zip(rejected, (w, l) => w > l ? 1 : w == l ? 0.5 : 0).Average(),
        chosen.Zip(rejected, (w, l) => w - l).Average(),
        chosen.Average(),
        rejected.Average(),
        update);
}
