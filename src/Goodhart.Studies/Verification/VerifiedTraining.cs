using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Steps.Folders;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Verification;

/// <summary>Two DPO updates on all pairs from the model's own weights; what they leave is compared between ways of running them.</summary>
/// <param name="folder">The model.</param>
/// <param name="reference">The reference's log-probs of the pairs.</param>
internal sealed class VerifiedTraining(string folder, IReadOnlyList<TokenizedPair> pairs, IReadOnlyList<ReferencePair> reference)
{
    private const int Updates = 2;

    /// <summary>The report of the first update, before which policy and start are the same, and every weight after the last.</summary>
    /// <param name="Moved">How far the weights are from where they began: the Euclidean norm.</param>
    public sealed record Outcome(PreferenceReport First, float[] Weights, double Moved);

    public IReadOnlyList<TokenizedPair> Pairs => pairs;

    public static DpoLoss Loss { get; } = new() { Beta = 0.1 };

    public Outcome InOneGo(IDevice device, int rowBudget = ResponseScorer.DefaultRowBudget)
    {
        using LanguageModel policy = ModelFolder.Load(device, folder, training: true);
        float[] before = Weights(policy);
        using PreferenceTrainer trainer = Trainer(policy, rowBudget);
        PreferenceReport first = Step(trainer);
        Step(trainer);
        float[] after = Weights(policy);
        return new Outcome(first, after, Difference.Norm(before, after));
    }

    /// <summary>The same with everything written to disk and read back between the two updates.</summary>
    public float[] Interrupted(IDevice device)
    {
        string saved = Directory.CreateTempSubdirectory("goodhart-verify").FullName;
        try
        {
            using (LanguageModel policy = ModelFolder.Load(device, folder, training: true))
            using (PreferenceTrainer trainer = Trainer(policy, ResponseScorer.DefaultRowBudget))
            {
                Step(trainer);
                Directory.CreateDirectory(Path.Combine(saved, ModelFiles.Model));
                ModelFolder.SaveInto(policy, Path.Combine(saved, ModelFiles.Model));
                ModelFiles.SaveOptimizer(saved, trainer.Updater.State);
            }

            using LanguageModel resumed = ModelFolder.Load(device, Path.Combine(saved, ModelFiles.Model), training: true);
            using PreferenceTrainer rest = Trainer(resumed, ResponseScorer.DefaultRowBudget);
            ModelFiles.Restore(saved, rest.Updater.State, steps: 1);
            Step(rest);
            return Weights(resumed);
        }
        finally
        {
            Directory.Delete(saved, recursive: true);
        }
    }

    private static float[] Weights(LanguageModel model) => model.Device.ReadF32(model.TrainedParameters.Values);

    private PreferenceTrainer Trainer(LanguageModel policy, int rowBudget) => new(
        policy,
        new TrainingOptions
        {
            Optimizer = new RmsProp(),
            LearningRate = new ConstantSchedule { Peak = 1e-5 },
            BatchSize = pairs.Count,
            ClipNorm = 10,
        },
        Loss,
        rowBudget);

    private PreferenceReport Step(PreferenceTrainer trainer) => trainer.Step(pairs, reference, Updates);
}
