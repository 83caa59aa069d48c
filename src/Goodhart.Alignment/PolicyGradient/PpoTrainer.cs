using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Models.Scoring;

namespace Goodhart.Alignment.PolicyGradient;

/// <summary>PPO with a value model that is trained beside the policy.</summary>
/// <param name="value">With a head of one score; usually the reward model's or the SFT model's trunk.</param>
/// <param name="seed">Of the order of mini-batches.</param>
/// <param name="rowBudget">Rows per micro-batch: speed and memory, never the result.</param>
/// <param name="memory">Of both models; null: the usual.</param>
public sealed class PpoTrainer(
    LanguageModel model, LanguageModel value, PpoOptions options, ulong seed = 0, int rowBudget = ResponseScorer.DefaultRowBudget,
    TrainingMemory? memory = null)
    : PolicyGradientTrainer(model, options, seed, rowBudget, memory)
{
    private readonly Updater valueUpdater = new(value, options.Value, ModelOutputs.Scores, memory);
    private readonly ValueReader reader = new(value, rowBudget);
    private double[][] values = [];
    private double[][] returns = [];

    /// <summary>The value model's optimizer.</summary>
    public Updater Value => valueUpdater;

    private protected override Surrogate Objective { get; } = new TokenSurrogate(options.ClipRange);

    public override void Dispose()
    {
        valueUpdater.Dispose();
        reader.Dispose();
        base.Dispose();
    }

    private protected override (double[][] Advantages, bool PolicyMoves) Prepare(IReadOnlyList<Episode> episodes, double[][] rewards)
    {
        double[][] used = options.WhitenRewards ? Whitening.Apply(rewards, shift: false) : rewards;
        values = reader.Values(episodes);
        double[][] advantages =
            [.. used.Select((episode, i) => GeneralizedAdvantage.Estimate(episode, values[i], options.Discount, options.Trace))];

        // The value's target is λ-return: advantage plus value, before any whitening.
        returns = [.. advantages.Select((episode, i) => episode.Zip(values[i], (a, v) => a + v).ToArray())];
        return (options.WhitenAdvantages ? Whitening.Apply(advantages, shift: true) : advantages, Collections >= options.ValueWarmup);
    }

    private protected override void UpdateValue(Episode[] batch, int[] part, int totalUpdates, ValueTally tally)
    {
        (double loss, double clipShare) = PolicyUpdate.RunValue(
            valueUpdater, options.ValueClipRange, batch, [.. part.Select(i => values[i])], [.. part.Select(i => returns[i])], RowBudget,
            totalUpdates);
        tally.Add(loss, clipShare);
    }
}

/// <summary>RLOO: the baseline of a response is the mean reward of the prompt's other responses.</summary>
/// <param name="seed">Of the order of mini-batches.</param>
/// <param name="rowBudget">Rows per micro-batch: speed and memory, never the result.</param>
/// <param name="memory">Null: the usual.</param>
public sealed class RlooTrainer(
    LanguageModel model, RlooOptions options, ulong seed = 0, int rowBudget = ResponseScorer.DefaultRowBudget,
    TrainingMemory? memory = null)
    : PolicyGradientTrainer(model, options, seed, rowBudget, memory)
{
    private protected override Surrogate Objective { get; } = new ResponseSurrogate(options.ClipRange);

    private protected override (double[][] Advantages, bool PolicyMoves) Prepare(IReadOnlyList<Episode> episodes, double[][] rewards)
    {
        double[] totals = [.. rewards.Select(tokens => tokens.Sum())];
        double[][] advantages =
        [
            .. EpisodeForest.Groups(episodes).SelectMany(
                group => LeaveOneOut.Advantages(totals.AsSpan(group.Episodes))).Select(a => new[] { a }),
        ];
        return (options.WhitenAdvantages ? Whitening.Apply(advantages, shift: true) : advantages, true);
    }
}
