using Goodhart.Alignment.Losses;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Alignment.Training;

/// <summary>The reference's summed log-probs of one pair, in nats.</summary>
public readonly record struct ReferencePair(double Chosen, double Rejected);

/// <summary>Training on preference pairs with any loss; a pair's two responses share the computation of their prompt.</summary>
/// <param name="rowBudget">Rows per micro-batch: speed and memory, never the result.</param>
public sealed class PreferenceTrainer(
    LanguageModel policy, TrainingOptions options, PreferenceLoss loss, int rowBudget = ResponseScorer.DefaultRowBudget) : IDisposable
{
    private readonly Updater updater = new(policy, options);
    private readonly ResponseScorer scorer = new(policy, rowBudget);

    public Updater Updater => updater;

    /// <summary>One update on a batch of pairs and their reference log-probs.</summary>
    /// <exception cref="NonFiniteException">A log-prob, the loss or the gradient is not finite.</exception>
    public PreferenceReport Step(IReadOnlyList<TokenizedPair> pairs, IReadOnlyList<ReferencePair> reference, int totalSteps)
    {
        int[] rows = [.. pairs.Select(pair => pair.Id)];
        PairLogProbs[] logProbs = new PairLogProbs[pairs.Count];
        PairGradient[] terms = new PairGradient[pairs.Count];
        Range[] parts = [.. ForestPacker.Pack(pairs, pair => Tree(pair).Rows, rowBudget)];
        bool isKnown = loss.CouplesBatch && parts.Length > 1;
        if (isKnown)
        {
            // The terms need the whole batch before its first part is differentiated: the policy is run once more, without a tape.
            double[][] scored = scorer.LogProbs([.. pairs.Select(Tree)]);
            for (int i = 0; i < pairs.Count; i++)
            {
                logProbs[i] = LogProbs(i, scored[i][0], scored[i][1]);
            }

            loss.Evaluate(logProbs, terms);
        }

        UpdateReport update = updater.Update(parts.Select(Part), totalSteps, rows);
        return PreferenceReport.From(loss, logProbs, terms, update);

        MicroBatch Part(Range part)
        {
            ForestBuilder forest = new();
            (int start, int end) = (part.Start.Value, part.End.Value);
            Range[][] targets = [.. Enumerable.Range(start, end - start).Select(i => Tree(pairs[i]).AddTo(forest))];
            return new MicroBatch(forest.Build(), tokenLogProbs => Upstream(tokenLogProbs, targets, start));
        }

        float[] Upstream(float[] tokenLogProbs, Range[][] targets, int start)
        {
            for (int i = 0; i < targets.Length; i++)
            {
                logProbs[start + i] = LogProbs(
                    start + i, ResponseScorer.Sum(tokenLogProbs.AsSpan(targets[i][0])), ResponseScorer.Sum(tokenLogProbs.AsSpan(targets[i][1])));
            }

            if (!isKnown)
            {
                loss.Evaluate(logProbs.AsSpan(start, targets.Length), terms.AsSpan(start, targets.Length));
            }

            float[] upstream = new float[tokenLogProbs.Length];
            for (int i = 0; i < targets.Length; i++)
            {
                PairGradient term = terms[start + i];
                if (!double.IsFinite(term.Loss) || !double.IsFinite(term.Chosen) || !double.IsFinite(term.Rejected))
                {
                    throw new NonFiniteException($"the loss of pair {rows[start + i]}", updater.State.Steps, rows);
                }

                upstream.AsSpan(targets[i][0]).Fill((float)(term.Chosen / pairs.Count));
                upstream.AsSpan(targets[i][1]).Fill((float)(term.Rejected / pairs.Count));
            }

            return upstream;
        }

        PairLogProbs LogProbs(int i, double chosen, double rejected) => new(
            chosen, rejected, reference[i].Chosen, reference[i].Rejected, pairs[i].Chosen.Length, pairs[i].Rejected.Length);
    }

    public void Dispose()
    {
        updater.Dispose();
        scorer.Dispose();
    }

    private static PromptTree Tree(TokenizedPair pair) => new(pair.Prompt, [pair.Chosen, pair.Rejected]);
}
