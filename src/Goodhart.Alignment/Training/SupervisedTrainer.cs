using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Alignment.Training;

/// <summary>Maximum likelihood on prompts and responses: pre-training and SFT.</summary>
/// <param name="rowBudget">Rows per micro-batch: speed and memory, never the result.</param>
/// <param name="memory">Null: the usual.</param>
public sealed class SupervisedTrainer(
    LanguageModel model, TrainingOptions options, SupervisedLoss loss, int rowBudget = ResponseScorer.DefaultRowBudget,
    TrainingMemory? memory = null) : IDisposable
{
    private readonly Updater updater = new(model, options, memory: memory);

    public Updater Updater => updater;

    /// <summary>One update.</summary>
    /// <exception cref="NonFiniteException">A log-prob or the gradient is not finite.</exception>
    public SupervisedReport Step(IReadOnlyList<TokenizedExample> batch, int totalSteps)
    {
        int promptTargets = loss.TrainsPrompt ? batch.Sum(example => example.Prompt.Length - 1) : 0;
        int responseTargets = batch.Sum(example => example.Response.Length);
        (double prompt, double response) = loss.Weights(batch.Count, promptTargets, responseTargets);
        double total = 0;
        double responseNll = 0;

        UpdateReport update = updater.Update(
            ForestPacker.Pack(batch, Rows, rowBudget).Select(Part), totalSteps, [.. batch.Select(example => example.Id)]);
        return new SupervisedReport(total, responseNll / responseTargets, update);

        MicroBatch Part(Range part)
        {
            ForestBuilder forest = new();
            List<(Range Prompt, Range Response)> targets = [];
            for (int i = part.Start.Value; i < part.End.Value; i++)
            {
                int root = forest.AddRoot(batch[i].Prompt);
                Range own = loss.TrainsPrompt ? forest.AddOwnTargets(root) : 0..0;
                targets.Add((own, forest.AddResponse(root, batch[i].Response)));
            }

            return new MicroBatch(forest.Build(), logProbs => Upstream(logProbs, targets));
        }

        float[] Upstream(float[] logProbs, List<(Range Prompt, Range Response)> targets)
        {
            float[] upstream = new float[logProbs.Length];
            foreach ((Range own, Range answer) in targets)
            {
                total -= prompt * ResponseScorer.Sum(logProbs.AsSpan(own));
                double sum = ResponseScorer.Sum(logProbs.AsSpan(answer));
                total -= response * sum;
                responseNll -= sum;
                upstream.AsSpan(own).Fill((float)-prompt);
                upstream.AsSpan(answer).Fill((float)-response);
            }

            return double.IsFinite(total)
                ? upstream
                : throw new NonFiniteException("the loss", updater.State.Steps, [.. batch.Select(example => example.Id)]);
        }
    }

    public void Dispose() => updater.Dispose();

    private static int Rows(TokenizedExample example) => example.Prompt.Length + example.Response.Length - 1;
}

/// <param name="Loss">What was minimised.</param>
/// <param name="ResponseNll">Mean NLL per response token, in nats.</param>
public readonly record struct SupervisedReport(double Loss, double ResponseNll, UpdateReport Update);
