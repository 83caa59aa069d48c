using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Alignment.Training;

/// <summary>The reference's summed log-probs of one pair, in nats.</summary>
public readonly record struct ReferencePair(double Chosen, double Rejected);

/// <summary>Training on preference pairs with any loss; a pair's two responses share the computation of their prompt.</summary>
public sealed class PreferenceTrainer : IDisposable
{
    private readonly LanguageModel policy;
    private readonly PreferenceLoss loss;
    private readonly RemedyPlan remedies;
    private readonly int rowBudget;
    private readonly Updater updater;
    private readonly ResponseScorer scorer;
    private readonly ReferenceModel? reference;
    private readonly VocabularyReader? vocabulary;
    private readonly BetaControl? beta;

    /// <param name="rowBudget">Rows per micro-batch: speed and memory, never the result.</param>
    /// <param name="remedies">Null: none.</param>
    /// <param name="reference">Needed where a remedy needs it; it may be moved, and stays the caller's to dispose of.</param>
    /// <param name="memory">Null: the usual.</param>
    /// <exception cref="ArgumentException">A remedy needs the reference's model, and none is given.</exception>
    public PreferenceTrainer(
        LanguageModel policy, TrainingOptions options, PreferenceLoss loss, int rowBudget = ResponseScorer.DefaultRowBudget,
        RemedyPlan? remedies = null, LanguageModel? reference = null, TrainingMemory? memory = null)
    {
        (this.policy, this.loss, this.rowBudget, this.remedies) = (policy, loss, rowBudget, remedies ?? RemedyPlan.None);
        if (this.remedies.NeedsReferenceModel && reference is null)
        {
            throw new ArgumentException(
                $"{this.remedies.NameOf(loss)} needs the reference's model, and only its log-probs are at hand.", nameof(reference));
        }

        if (this.remedies.Reference is { } update && policy.Weights.Adapter is not null)
        {
            throw new ArgumentException($"{update.Name} moves all weights of the reference, and those of an adapted policy's are frozen.",
                nameof(remedies));
        }

        updater = new Updater(policy, options, memory: memory);
        scorer = new ResponseScorer(policy, rowBudget);
        beta = this.remedies.Beta?.Start(loss.Beta);
        if (beta is not null)
        {
            updater.State.Attach("beta", () => SavedDoubles.Split(beta.Save()), saved => beta.Restore(SavedDoubles.Join(saved)));
        }

        if (this.remedies.NeedsReferenceModel)
        {
            this.reference = new ReferenceModel(reference!, this.remedies.Reference, rowBudget);
            this.reference.SaveWith(updater);
        }

        if (Measure != VocabularyMeasure.None || beta?.Perturbation is not null)
        {
            vocabulary = new VocabularyReader(policy, beta?.Perturbation is null ? null : reference, rowBudget);
        }
    }

    public Updater Updater => updater;

    /// <summary>Where β follows a KL: to be told it when <see cref="KlBudgetControl.IsDue"/> says so.</summary>
    public KlBudgetControl? KlBudget => beta as KlBudgetControl;

    private VocabularyMeasure Measure => remedies.Pairs?.Measure ?? VocabularyMeasure.None;

    /// <summary>One update on a batch of pairs and their reference log-probs.</summary>
    /// <param name="stored">The reference's log-probs; not read where a remedy has the reference's model.</param>
    /// <exception cref="NonFiniteException">A log-prob, the loss or the gradient is not finite.</exception>
    /// <exception cref="ArgumentException">A remedy can do nothing with a batch of this size.</exception>
    public PreferenceReport Step(IReadOnlyList<TokenizedPair> pairs, IReadOnlyList<ReferencePair> stored, int totalSteps)
    {
        int[] rows = [.. pairs.Select(pair => pair.Id)];
        PairBatch batch = new(pairs, remedies.Tokens);
        SetReference(batch, stored);
        PairTerms terms = new(
            loss, remedies, beta, updater.State.Steps, batch,
            Measure == VocabularyMeasure.None ? [] : vocabulary!.Sums(batch.Trees, Measure),
            beta?.Perturbation is { } epsilon ? vocabulary!.Perturbed(batch.Trees, epsilon) : []);
        Range[] parts = [.. ForestPacker.Pack(batch.Trees, tree => tree.Rows, rowBudget)];
        bool isKnown = (loss.CouplesBatch || beta is { ReadsBatch: true }) && parts.Length > 1;
        if (isKnown)
        {
            // The terms need the whole batch before its first part is differentiated: the policy is run once more, without a tape.
            foreach ((int i, float[][] scored) in scorer.TokenLogProbs(batch.Trees).Index())
            {
                batch.Set(i, scored[0], scored[1]);
            }

            terms.Evaluate(0, batch.Count);
        }

        UpdateReport update = updater.Update(parts.Select(Part), totalSteps, rows);
        beta?.Updated();
        reference?.Follow(policy, updater.State.Steps);
        return PreferenceReport.From(loss, batch.Whole, terms.Terms, update) with { Remedies = terms.Report() };

        MicroBatch Part(Range part)
        {
            ForestBuilder forest = new();
            int start = part.Start.Value;
            Range[][] targets = [.. batch.Trees[part].Select(tree => tree.AddTo(forest))];
            return new MicroBatch(forest.Build(), tokenLogProbs => Upstream(tokenLogProbs, targets, start));
        }

        float[] Upstream(float[] tokenLogProbs, Range[][] targets, int start)
        {
            for (int i = 0; i < targets.Length; i++)
            {
                batch.Set(start + i, tokenLogProbs.AsSpan(targets[i][0]), tokenLogProbs.AsSpan(targets[i][1]));
            }

            if (!isKnown)
            {
                terms.Evaluate(start, targets.Length);
            }

            float[] upstream = new float[tokenLogProbs.Length];
            for (int i = 0; i < targets.Length; i++)
            {
                PairGradient term = terms.Terms[start + i];
                PairLogProbs whole = batch.Whole[start + i];
                if (!double.IsFinite(term.Loss + term.Chosen + term.Rejected) || double.IsNaN(whole.PolicyChosen + whole.PolicyRejected))
                {
                    throw new NonFiniteException($"the loss of pair {rows[start + i]}", updater.State.Steps, rows);
                }

                batch.Spread(start + i, term, upstream.AsSpan(targets[i][0]), upstream.AsSpan(targets[i][1]));
            }

            return upstream;
        }
    }

    public void Dispose()
    {
        updater.Dispose();
        scorer.Dispose();
        reference?.Dispose();
        vocabulary?.Dispose();
    }

    private void SetReference(PairBatch batch, IReadOnlyList<ReferencePair> stored)
    {
        if (reference is not null)
        {
            reference.Score(batch);
            return;
        }

        for (int i = 0; i < batch.Count; i++)
        {
            batch.SetReference(i, stored[i]);
        }
    }
}
