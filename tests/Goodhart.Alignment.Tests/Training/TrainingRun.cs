using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Rewards;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Text.Data;
using Xunit;

namespace Goodhart.Alignment.Tests.Training;

/// <summary>Five updates of a small model on the CPU, under settings that may change speed and memory and no bit.</summary>
internal sealed record TrainingRun(string Loss)
{
    public const int Updates = 5;
    private const int BatchSize = 20;

    public static TheoryData<string> Losses =>
    [
        "dpo", "ipo", "slic", "aot", "kto", "token-mean", "sequence-mean", "reward", "is-daa", "wpo ld-dpo", "beta-dpo", "epsilon-dpo",
        "wpo-greedy ld-dpo-policy-only beta-dpo tr-dpo", "kl-target", "tr-dpo-hard",
    ];

    public int Threads { get; init; } = 1;

    public int RowBudget { get; init; } = 4000;

    public TrainingMemory Memory { get; init; } = TrainingMemory.Usual;

    /// <summary>After this update everything is saved, thrown away and restored on a new device.</summary>
    public int? RestartAfter { get; init; }

    /// <summary>The bits of all parameters, and the losses reported on the way.</summary>
    public (float[] Parameters, double[] Losses) Train()
    {
        List<double> losses = [];
        Saved? saved = null;
        if (RestartAfter is int restart)
        {
            saved = Run(0, restart, null, losses);
        }

        return (Run(RestartAfter ?? 0, Updates, saved, losses).Parameters, [.. losses]);
    }

    /// <summary>Rows of a batch: enough for the smaller budgets to cut it.</summary>
    public static int RowsOfABatch => Pairs(0).Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length - 2);

    private Saved Run(int start, int end, Saved? from, List<double> losses)
    {
        using CpuDevice device = new(Threads);
        using LanguageModel language = SmallModel.Create(device, SmallModel.Config());
        using LanguageModel? score = Loss == "reward" ? ScoreModel.From(language, seed: 3, training: true) : null;
        LanguageModel model = score ?? language;
        using LanguageModel reference = SmallModel.Create(device, SmallModel.Config(), seed: 2);
        using IStepper stepper = Stepper(model, reference);
        if (from is not null)
        {
            device.Upload(model.Parameters.Values, from.Parameters);
            stepper.State.Restore(name => from.State.Single(entry => entry.Name == name), start);
        }

        for (int step = start; step < end; step++)
        {
            losses.Add(stepper.Step(Pairs(step)));
        }

        return new Saved(
            device.ReadF32(model.Parameters.Values),
            [.. stepper.State.Save().Select(entry => StateValues.Of(entry.Name, entry.ToArray()))]);
    }

    private static TokenizedPair[] Pairs(int step) => SmallModel.Pairs(BatchSize, 101, (ulong)step);

    private IStepper Stepper(LanguageModel model, LanguageModel reference)
    {
        TrainingOptions options = new()
        {
            Optimizer = Loss is "dpo" or "token-mean" ? new AdamW { WeightDecay = 0.1 } : new RmsProp(),
            LearningRate = new CosineSchedule { Peak = 1e-3, WarmupSteps = 2 },
            BatchSize = BatchSize,
            ClipNorm = 1,
        };
        return Loss switch
        {
            "dpo" => new Preferences(new PreferenceTrainer(model, options, new DpoLoss { Beta = 0.1 }, RowBudget, memory: Memory)),
            "ipo" => new Preferences(new PreferenceTrainer(model, options, new IpoLoss { Beta = 0.1 }, RowBudget, memory: Memory)),
            "slic" => new Preferences(new PreferenceTrainer(model, options, new SlicLoss { Beta = 0.1 }, RowBudget, memory: Memory)),
            "aot" => new Preferences(new PreferenceTrainer(
                model, options, new AotLoss { Beta = 0.1, LabelSmoothing = 0 }, RowBudget, memory: Memory)),
            "kto" => new Responses(new KtoTrainer(model, options, SmallResponses.Loss, RowBudget, Memory)),
            "reward" => new Rewards(new RewardTrainer(model, options, RowBudget, Memory)),
            "token-mean" => new Supervised(new SupervisedTrainer(
                model, options, new TokenMean { PromptWeight = 0.2 }, RowBudget, Memory)),
            "sequence-mean" => new Supervised(new SupervisedTrainer(model, options, new SequenceMean(), RowBudget, Memory)),
            string remedies => new Preferences(new PreferenceTrainer(
                model, options, new DpoLoss { Beta = 0.1 }, RowBudget,
                RemedyPlan.Of([.. remedies.Split(' ').Select(Remedy)], new DpoLoss { Beta = 0.1 }, BatchSize), reference,
                Memory)),
        };
    }

    /// <summary>A reference that follows moves within these few updates.</summary>
    private static Remedy Remedy(string name) => RemedyCatalogue.Find(name).Create(
        name.StartsWith("tr-dpo", StringComparison.Ordinal) ? new Dictionary<string, double> { ["every"] = 3 } : null);

    private sealed record Saved(float[] Parameters, IReadOnlyList<StateValues> State);

    private interface IStepper : IDisposable
    {
        OptimizerState State { get; }

        double Step(TokenizedPair[] pairs);
    }

    private sealed class Preferences(PreferenceTrainer trainer) : IStepper
    {
        public OptimizerState State => trainer.Updater.State;

        public double Step(TokenizedPair[] pairs)
        {
            double loss = trainer.Step(
                pairs, [.. pairs.Select(pair => new ReferencePair(-4.5 * pair.Chosen.Length, -4.5 * pair.Rejected.Length))], Updates).Loss;
            if (trainer.KlBudget is { } budget && State.Steps % 2 == 0)
            {
                budget.Observe(10 * loss);
            }

            return loss;
        }

        public void Dispose() => trainer.Dispose();
    }

    private sealed class Responses(KtoTrainer trainer) : IStepper
    {
        public OptimizerState State => trainer.Updater.State;

        public double Step(TokenizedPair[] pairs)
        {
            KtoRow[] rows = SmallResponses.Rows(pairs);
            KtoReport report = trainer.Step(
                rows, [.. rows.Select(row => new KtoLogProbs(-8 * row.Labelled.Response.Length, -8 * row.Mismatched.Length))], Updates);
            Assert.True(report.Kl > 0, "z is clamped, so it is not tested");
            return report.Loss;
        }

        public void Dispose() => trainer.Dispose();
    }

    private sealed class Rewards(RewardTrainer trainer) : IStepper
    {
        public OptimizerState State => trainer.Updater.State;

        public double Step(TokenizedPair[] pairs) => trainer.Step(pairs, [.. pairs.Select(pair => 0.01 * pair.Id)], Updates).Loss;

        public void Dispose() => trainer.Dispose();
    }

    private sealed class Supervised(SupervisedTrainer trainer) : IStepper
    {
        public OptimizerState State => trainer.Updater.State;

        public double Step(TokenizedPair[] pairs) =>
            trainer.Step([.. pairs.Select(pair => new TokenizedExample(pair.Id, pair.Prompt, pair.Chosen))], Updates).Loss;

        public void Dispose() => trainer.Dispose();
    }
}
