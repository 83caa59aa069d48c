using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Models.Scoring;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Verification;

/// <summary>Checks of training with an adapter: the reference is the same model with the adapter off, and no update may move it.</summary>
/// <param name="path">The model; a folder that is an adapter's is checked with its own.</param>
internal sealed class AdapterChecks(string path, IReadOnlyList<TokenizedPair> pairs, IDevice device)
{
    private const int Updates = 2;

    private readonly PromptTree[] trees = [.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))];

    /// <summary>A fresh adapter changes nothing, its updates change the policy and not the reference, and merged it gives the same
    /// policy.</summary>
    public IReadOnlyList<CheckResult> Run()
    {
        using ModelFolder folder = ModelFolder.Open(path, told: null);
        bool isFresh = folder.Lora is null;
        using LanguageModel policy = isFresh ? folder.LoadAdapted(device, new LoraConfig(), seed: 0) : folder.Load(device, training: true);
        using LanguageModel reference = policy.WithAdapter(null);
        float[] before = LogProbs(reference);
        float[] start = LogProbs(policy);
        Train(policy, reference);
        float[] after = LogProbs(policy);
        if (Difference.Largest(start, after) == 0)
        {
            throw new InvalidOperationException(
                "verify: two updates left the adapted policy as it was, so comparing log-probs would show nothing. "
                + "Give other --data: chosen and rejected may be the same.");
        }

        return
        [
            .. isFresh
                ? [new("adapter start", "log-probs per token of the model, and with a fresh adapter on it", Difference.Largest(before,
                    start), Tolerances.Bits)]
                : (CheckResult[])[],
            new("adapter off", "log-probs per token with the adapter off, before and after two updates of it",
                Difference.Largest(before, LogProbs(reference)), Tolerances.Bits),
            new("adapter merged", "log-probs per token with the adapter beside the weights, and added to them",
                Difference.Largest(after, Merged(policy)), new Tolerances(device.Info).Token),
        ];
    }

    private void Train(LanguageModel policy, LanguageModel reference)
    {
        using ResponseScorer scorer = new(reference);
        ReferencePair[] scores = [.. scorer.LogProbs(trees).Select(pair => new ReferencePair(pair[0], pair[1]))];
        using PreferenceTrainer trainer = new(
            policy,
            new TrainingOptions
            {
                Optimizer = new AdamW(),
                LearningRate = new ConstantSchedule { Peak = 1e-3 },
                BatchSize = pairs.Count,
                ClipNorm = 10,
            },
            new DpoLoss { Beta = 0.1 });
        for (int update = 0; update < Updates; update++)
        {
            trainer.Step(pairs, scores, Updates);
        }
    }

    /// <summary>By way of the files, as <c>goodhart merge</c> does it.</summary>
    private float[] Merged(LanguageModel policy)
    {
        string saved = Directory.CreateTempSubdirectory("goodhart-verify").FullName;
        try
        {
            ModelFolder.SaveInto(policy, saved);
            using ModelFolder adapted = ModelFolder.Open(saved, told: null);
            using LanguageModel merged = adapted.Config.Create(device, training: false);
            foreach (Parameter parameter in merged.Parameters.All)
            {
                float[] values = new float[parameter.Value.Count];
                adapted.ReadInto(parameter.Name, values);
                merged.Parameters.Set(parameter.Name, values);
            }

            return LogProbs(merged);
        }
        finally
        {
            Directory.Delete(saved, recursive: true);
        }
    }

    private float[] LogProbs(LanguageModel model)
    {
        using ResponseScorer scorer = new(model);
        return [.. scorer.TokenLogProbs(trees).SelectMany(tree => tree).SelectMany(response => response)];
    }
}
