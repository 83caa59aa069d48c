using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Rewards;
using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Planning;

/// <summary>A training run gone through on a device without memory, with the trainers and the rows that it will have.</summary>
/// <param name="Model">The folder's.</param>
/// <param name="Seed">Of the data order.</param>
/// <param name="Updates">Of the run.</param>
public sealed record TrainingRehearsal(ModelConfig Model, TrainingOptions Recipe, ulong Seed, int Updates)
{
    /// <summary>Of longer runs those updates are gone through that have the longest rows.</summary>
    private const int MostUpdates = 1000;

    public MemoryUse Supervised(MemoryChoice choice, SupervisedLoss loss, IReadOnlyList<TokenizedExample> rows) =>
        Run(choice, OutputHead.Language, row => rows[row].Prompt.Length + rows[row].Response.Length, rows.Count, policy =>
        {
            SupervisedTrainer trainer = new(policy, Recipe, loss, choice.RowBudget, choice.Memory);
            return (trainer, batch => trainer.Step([.. batch.Select(row => rows[row])], Updates));
        });

    /// <param name="couples">Whether the loss couples the pairs of a batch: what memory knows of a loss.</param>
    /// <param name="reference">Read where a remedy needs the reference's model.</param>
    public MemoryUse Preferences(
        MemoryChoice choice, bool couples, RemedyPlan remedies, ModelConfig reference, IReadOnlyList<TokenizedPair> pairs) =>
        Run(choice, OutputHead.Language, row => Length(pairs[row]), pairs.Count, policy =>
        {
            // All log-probs are 0 here, which some losses do not bear and these do.
            PreferenceLoss loss = couples ? new AotLoss { Beta = 1, LabelSmoothing = 0 } : new DpoLoss { Beta = 1 };
            LanguageModel? frozen = !remedies.NeedsReferenceModel ? null
                : choice.Lora is null ? reference.Create(policy.Device, training: false)
                : policy.WithAdapter(null);
            PreferenceTrainer trainer = new(policy, Recipe, loss, choice.RowBudget, remedies, frozen, choice.Memory);
            return (new Both(trainer, frozen), batch => trainer.Step(
                [.. batch.Select(row => pairs[row])], [.. batch.Select(_ => default(ReferencePair))], Updates));
        });

    public MemoryUse Labelled(MemoryChoice choice, KtoLoss loss, IReadOnlyList<KtoRow> rows) =>
        Run(choice, OutputHead.Language, row => Math.Max(rows[row].Tree.Rows, rows[row].MismatchedTree.Rows), rows.Count, policy =>
        {
            KtoTrainer trainer = new(policy, Recipe, loss, choice.RowBudget, choice.Memory);
            return (trainer, batch => trainer.Step(
                [.. batch.Select(row => rows[row])], [.. batch.Select(_ => default(KtoLogProbs))], Updates));
        });

    public MemoryUse Rewards(MemoryChoice choice, IReadOnlyList<TokenizedPair> pairs) =>
        Run(choice, OutputHead.Score, row => Length(pairs[row]), pairs.Count, model =>
        {
            RewardTrainer trainer = new(model, Recipe, choice.RowBudget, choice.Memory);
            return (trainer, batch => trainer.Step([.. batch.Select(row => pairs[row])], [], Updates));
        });

    private static int Length(TokenizedPair pair) => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length;

    /// <param name="length">Tokens of a row.</param>
    private MemoryUse Run(
        MemoryChoice choice, OutputHead head, Func<int, int> length, int rows,
        Func<LanguageModel, (IDisposable Trainer, Action<int[]> Step)> open) =>
        MemoryUse.Of(choice.Device, device =>
        {
            using LanguageModel model = RehearsedModel.Trained(device, Model, choice.Lora, head);
            (IDisposable trainer, Action<int[]> step) = open(model);
            using (trainer)
            {
                DataOrder order = new(rows, Recipe.BatchSize, Seed);
                IEnumerable<int> updates = Enumerable.Range(0, Updates);
                if (Updates > MostUpdates)
                {
                    // A row that is longer than the row budget is a micro-batch of its own, and the peak is at its update.
                    updates = updates.OrderByDescending(update => order.Batch(update).Max(length)).Take(MostUpdates).Order();
                }

                foreach (int update in updates)
                {
                    step(order.Batch(update));
                }
            }
        });

    private sealed class Both(IDisposable first, IDisposable? second) : IDisposable
    {
        public void Dispose()
        {
            first.Dispose();
            second?.Dispose();
        }
    }
}
