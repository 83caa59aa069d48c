using Goodhart.Alignment.Losses;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Alignment.Training;

/// <summary>A row of KTO.</summary>
/// <param name="Mismatched">Ids of a response to another prompt, from <see cref="MismatchedResponses"/>.</param>
public readonly record struct KtoRow(LabelledResponse Labelled, int[] Mismatched)
{
    /// <summary>The row's own response alone.</summary>
    public PromptTree Tree => new(Labelled.Prompt, [Labelled.Response]);

    /// <summary>The row's prompt with the other response.</summary>
    public PromptTree MismatchedTree => new(Labelled.Prompt, [Mismatched]);

    public PromptTree BothTree => new(Labelled.Prompt, [Labelled.Response, Mismatched]);
}

/// <summary>A model's summed log-probs of a row's own response and of the mismatched one, both after the row's prompt; nats.</summary>
public readonly record struct KtoLogProbs(double Own, double Mismatched);

/// <summary>Training on single responses with labels: KTO.</summary>
/// <remarks>
/// z has no gradient, so the policy first scores the mismatched responses of the whole batch without a tape; then every row's term is its
/// own,
/// and how the batch is cut changes no bit.
/// </remarks>
/// <param name="rowBudget">Token rows per micro-batch: speed and memory, never the result.</param>
/// <param name="memory">Null: the usual.</param>
public sealed class KtoTrainer(
    LanguageModel policy, TrainingOptions options, KtoLoss loss, int rowBudget = ResponseScorer.DefaultRowBudget,
    TrainingMemory? memory = null) : IDisposable
{
    private readonly Updater updater = new(policy, options, memory: memory);
    private readonly ResponseScorer scorer = new(policy, rowBudget);

    public Updater Updater => updater;

    /// <summary>One update on a batch of rows and their reference log-probs.</summary>
    /// <exception cref="NonFiniteException">A log-prob, z, the loss or the gradient is not finite.</exception>
    public KtoReport Step(IReadOnlyList<KtoRow> rows, IReadOnlyList<KtoLogProbs> reference, int totalSteps)
    {
        int[] ids = [.. rows.Select(row => row.Labelled.Id)];
        double[][] mismatched = scorer.LogProbs([.. rows.Select(row => row.MismatchedTree)]);
        double kl = KtoLoss.Kl([.. mismatched.Select((policyLogProb, i) => policyLogProb[0] - reference[i].Mismatched)]);
        if (!double.IsFinite(kl))
        {
            throw new NonFiniteException("z, the KL estimate of kto,", updater.State.Steps, ids);
        }

        LabelledLogProbs[] logProbs = new LabelledLogProbs[rows.Count];
        UpdateReport update = updater.Update(
            ForestPacker.Pack(rows, row => row.Tree.Rows, rowBudget).Select(Part), totalSteps, ids);
        return KtoReport.From(loss, kl, logProbs, update);

        MicroBatch Part(Range part)
        {
            ForestBuilder forest = new();
            (int start, int end) = (part.Start.Value, part.End.Value);
            Range[] targets = [.. Enumerable.Range(start, end - start).Select(i => rows[i].Tree.AddTo(forest)[0])];
            return new MicroBatch(forest.Build(), tokenLogProbs => Upstream(tokenLogProbs, targets, start));
        }

        float[] Upstream(float[] tokenLogProbs, Range[] targets, int start)
        {
            float[] upstream = new float[tokenLogProbs.Length];
            for (int i = 0; i < targets.Length; i++)
            {
                LabelledLogProbs row = new(
                    ResponseScorer.Sum(tokenLogProbs.AsSpan(targets[i])), reference[start + i].Own, rows[start + i].Labelled.IsDesirable);
                logProbs[start + i] = row;
                (double term, double slope) = loss.Term(row.LogRatio, row.IsDesirable, kl);
                if (!double.IsFinite(term) || !double.IsFinite(slope))
                {
                    throw new NonFiniteException($"the loss of row {ids[start + i]}", updater.State.Steps, ids);
                }

                upstream.AsSpan(targets[i]).Fill((float)(slope / rows.Count));
            }

            return upstream;
        }
    }

    public void Dispose()
    {
        updater.Dispose();
        scorer.Dispose();
    }
}
