using Goodhart.Alignment.PolicyGradient;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Optimizers;
using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Models.GptNeoX;
using Goodhart.Models.Rewards;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;

namespace Goodhart.Alignment.Tests.PolicyGradient;

/// <summary>One prompt whose responses can all be listed: five tokens up to a length limit, 0 ends. Every quantity is exact.</summary>
/// <remarks>Rewards are small against β: where π* is far from π_ref a policy gradient may lose a good response before it has drawn
/// it.</remarks>
internal sealed class EnumerableProblem : IDisposable
{
    public const double Beta = 0.5;
    private const int Samples = 256;
    private static readonly int[] Prompt = [3, 4];
    private readonly CpuDevice device = new(1);
    private readonly LanguageModel policy;
    private readonly LanguageModel value;
    private readonly int limit;
    private readonly double[] reference;

    public EnumerableProblem(int limit)
    {
        this.limit = limit;
        GptNeoXConfig config = new()
        {
            VocabSize = 5,
            HiddenSize = 16,
            Layers = 1,
            Heads = 2,
            IntermediateSize = 32,
            MaxPositions = 16,
            RotaryFraction = 0.5,
            EosTokenId = 0,
        };
        policy = config.Create(device, training: true);
        WeightInitializer.Initialize(policy, seed: 5);
        value = ScoreModel.From(policy, seed: 5, training: true);
        Responses = [.. All([])];
        Rewards = [.. Responses.Select((_, i) => 0.7 * new RandomStream(9, "rewards", (uint)i).NextNormal())];
        reference = Probabilities();
        double[] weights = [.. reference.Select((p, i) => p * Math.Exp(Rewards[i] / Beta))];
        Optimum = [.. weights.Select(w => w / weights.Sum())];
    }

    /// <summary>All responses, ended or cut at the limit, in a fixed order.</summary>
    public int[][] Responses { get; }

    public double[] Rewards { get; }

    /// <summary>π* ∝ π_ref exp(r/β): what Eq. (3) asks for.</summary>
    public double[] Optimum { get; }

    /// <summary>E r − β KL(π‖π_ref), exactly.</summary>
    public double Objective(double[] p) => p.Select((q, i) => q <= 0 ? 0 : q * (Rewards[i] - (Beta * Math.Log(q / reference[i])))).Sum();

    /// <summary>π of every response.</summary>
    public double[] Probabilities()
    {
        using ResponseScorer scorer = new(policy);
        return [.. scorer.LogProbs([new PromptTree(Prompt, Responses)])[0].Select(Math.Exp)];
    }

    public double TotalVariation() => 0.5 * Probabilities().Zip(Optimum, (p, q) => Math.Abs(p - q)).Sum();

    public PpoTrainer Ppo(
        Func<PpoOptions, PpoOptions>? change = null, int rowBudget = ResponseScorer.DefaultRowBudget, TrainingMemory? memory = null)
    {
        PpoOptions options = new()
        {
            Policy = Training(2e-3),
            Value = Training(2e-3),
            Kl = new FixedKl { Initial = Beta },
            ValueWarmup = 5,
            MiniBatches = 1,
        };
        return new PpoTrainer(policy, value, change?.Invoke(options) ?? options, seed: 0, rowBudget, memory);
    }

    public RlooTrainer Rloo() => new(policy, new RlooOptions { Policy = Training(2e-3), Kl = new FixedKl { Initial = Beta } });

    public PolicyGradientReport Step(PolicyGradientTrainer trainer, int total, int prompts = 1)
    {

        using Sampler sampler = new(
            policy, new SamplingOptions(0, limit, 1, $"collection {trainer.Collections}") { SamplesPerPrompt = Samples / prompts });
        Episode[] episodes =
        [
            .. sampler.Sample([.. Enumerable.Range(0, prompts).Select(item => new SamplingPrompt(item, Prompt))])
                .Select(rollout => new Episode(
                    rollout.Item, Prompt, rollout.Tokens, rollout.Finished, RewardOf(rollout.Tokens), ReferenceOf(rollout.Tokens))),
        ];
        return trainer.Step(episodes, total);
    }

    public void Dispose()
    {
        value.Dispose();
        policy.Dispose();
        referenceModel?.Dispose();
        device.Dispose();
    }

    private LanguageModel? referenceModel;
    private readonly Dictionary<string, float[]> referenceLogProbs = [];

    private double RewardOf(int[] tokens) => Rewards[Array.FindIndex(Responses, response => response.SequenceEqual(tokens))];

    private float[] ReferenceOf(int[] tokens)
    {
        if (referenceModel is null)
        {
            referenceModel = policy.Config.Create(device, training: false);
            WeightInitializer.Initialize(referenceModel, seed: 5);
        }

        string key = string.Join(',', tokens);
        if (!referenceLogProbs.TryGetValue(key, out float[]? found))
        {
            using ResponseScorer scorer = new(referenceModel);
            referenceLogProbs[key] = found = scorer.TokenLogProbs([new PromptTree(Prompt, [tokens])])[0][0];
        }

        return found;
    }

    private static TrainingOptions Training(double rate) => new()
    {
        Optimizer = new AdamW(),
        LearningRate = new CosineSchedule { Peak = rate, Floor = 0.02, WarmupSteps = 100 },
        BatchSize = Samples,
        ClipNorm = 1,
    };

    private IEnumerable<int[]> All(int[] prefix)
    {
        for (int token = 0; token < 5; token++)
        {
            int[] next = [.. prefix, token];
            if (token == 0 || next.Length == limit)
            {
                yield return next;
            }
            else
            {
                foreach (int[] longer in All(next))
                {
                    yield return longer;
                }
            }
        }
    }
}
