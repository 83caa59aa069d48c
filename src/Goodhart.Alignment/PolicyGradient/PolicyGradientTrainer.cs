using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Models.Scoring;

namespace Goodhart.Alignment.PolicyGradient;

/// <summary>Eq. (3) by policy gradients: collections of episodes in, updates out. Sampling and scoring are the caller's.</summary>
public abstract class PolicyGradientTrainer : IDisposable
{
    private readonly PolicyGradientOptions options;
    private readonly ulong seed;
    private readonly Updater policy;
    private readonly ResponseScorer scorer;

    private protected PolicyGradientTrainer(
        LanguageModel model, PolicyGradientOptions options, ulong seed, int rowBudget, TrainingMemory? memory)
    {
        (this.options, this.seed, RowBudget) = (options, seed, rowBudget);
        policy = new Updater(model, options.Policy, memory: memory);
        scorer = new ResponseScorer(model, rowBudget);
        Coefficient = options.Kl.Initial;
    }

    /// <summary>The policy's optimizer.</summary>
    public Updater Policy => policy;

    /// <summary>β of the KL penalty of the next collection.</summary>
    public double Coefficient { get; private set; }

    /// <summary>Collections learnt from so far.</summary>
    public int Collections { get; private set; }

    /// <summary>Rows per micro-batch.</summary>
    private protected int RowBudget { get; }

    private protected abstract Surrogate Objective { get; }

    /// <summary>Continues a run where it was left: see <see cref="Coefficient"/> and <see cref="Collections"/>.</summary>
    public void Restore(double coefficient, int collections) => (Coefficient, Collections) = (coefficient, collections);

    /// <summary>Learns from one collection.</summary>
    /// <param name="episodes">Samples of the policy as it is now, at temperature 1; those of one prompt side by side.</param>
    /// <param name="totalCollections">Of the run: for the learning-rate schedule.</param>
    /// <exception cref="NonFiniteException">A score, a log-prob or a gradient is not finite.</exception>
    public PolicyGradientReport Step(IReadOnlyList<Episode> episodes, int totalCollections)
    {
        float[][] old = LogProbs(episodes);
        double[] scores = [.. episodes.Select(Score)];
        RequireFinite(episodes, old);
        double[][] tokenKl = [.. episodes.Select((episode, i) => TokenRewards.Kl(old[i], episode.ReferenceLogProbs, options.Estimator))];
        double kl = tokenKl.Average(tokens => tokens.Sum());
        double[][] rewards = [.. tokenKl.Select((tokens, i) => TokenRewards.Of(tokens, Coefficient, scores[i]))];

        SurrogateTally tally = new();
        UpdateReport update = default;
        (double[][] advantages, bool policyMoves) = Prepare(episodes, rewards);
        ValueTally values = new();
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            foreach (int[] part in MiniBatchOrder.Of(episodes, options.MiniBatches, seed, Collections, epoch))
            {
                Episode[] batch = [.. part.Select(i => episodes[i])];
                int updates = totalCollections * options.Epochs * options.MiniBatches;
                UpdateValue(batch, part, updates, values);
                if (policyMoves)
                {
                    update = PolicyUpdate.Run(
                        policy, Objective, batch, [.. part.Select(i => old[i])], [.. part.Select(i => advantages[i])], RowBudget,
                        updates, tally);
                }
            }
        }

        PolicyGradientReport report = new(
            kl, Coefficient, scores.Average(), -Coefficient * kl, scores.Average() - (Coefficient * kl),
            -old.Sum(tokens => tokens.Sum(p => (double)p)) / old.Sum(tokens => tokens.Length), tally.Loss, values.Loss, tally.ApproximateKl,
            tally.ClipShare, values.ClipShare, tally.Ratio, episodes.Average(episode => episode.Finished ? 1.0 : 0), update.LearningRate,
            update.GradientNorm);
        Coefficient = options.Kl.Next(Coefficient, report.Kl, episodes.Count);
        Collections++;
        return report;
    }

    public virtual void Dispose()
    {
        policy.Dispose();
        scorer.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <returns>Advantages by episode and action, and whether the policy is trained on this collection.</returns>
    private protected abstract (double[][] Advantages, bool PolicyMoves) Prepare(IReadOnlyList<Episode> episodes, double[][] rewards);

    /// <param name="part">Where the batch's episodes stand in the collection.</param>
    private protected virtual void UpdateValue(Episode[] batch, int[] part, int totalUpdates, ValueTally tally)
    {
    }

    /// <summary>The clip is of the reward model's score: what a missing end costs is not cut off again.</summary>
    private double Score(Episode episode)
    {
        double score = options.ScoreClip is { } limit ? Math.Clamp(episode.Score, -limit, limit) : episode.Score;
        return episode.Finished ? score : options.MissingEos.Score(score);
    }

    private float[][] LogProbs(IReadOnlyList<Episode> episodes) =>
        [.. scorer.TokenLogProbs([.. EpisodeForest.Groups(episodes).Select(group => group.Tree)]).SelectMany(responses => responses)];

    private void RequireFinite(IReadOnlyList<Episode> episodes, float[][] old)
    {
        int[] wrong =
        [
            .. Enumerable.Range(0, episodes.Count).Where(
                i => !double.IsFinite(episodes[i].Score) || !Array.TrueForAll(old[i], float.IsFinite)),
        ];
        if (wrong.Length > 0)
        {
            throw new NonFiniteException("a score or a log-prob", policy.State.Steps, [.. wrong.Select(i => episodes[i].Item)]);
        }
    }
}

/// <summary>Means of the value loss over updates.</summary>
internal sealed class ValueTally
{
    private double loss;
    private double clipShare;
    private int updates;

    public double Loss => loss / Math.Max(1, updates);

    public double ClipShare => clipShare / Math.Max(1, updates);

    public void Add(double updateLoss, double updateClipShare)
    {
        loss += updateLoss;
        clipShare += updateClipShare;
        updates++;
    }
}
