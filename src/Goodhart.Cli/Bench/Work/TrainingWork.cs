using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Rewards;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;
using Goodhart.Text.Data;

namespace Goodhart.Cli.Bench.Work;

/// <summary>Work that ends in an update. The learning rate is 0: every step does the same.</summary>
internal abstract class TrainingWork : BenchWork
{
    public override bool Trains => true;

    protected static Optimizer RmsProp { get; } = new RmsProp { Alpha = 0.99, Eps = 1e-8 };

    protected static TrainingOptions Options(Optimizer optimizer, int batch) => new()
    {
        Optimizer = optimizer,
        LearningRate = new ConstantSchedule { Peak = 0 },
        BatchSize = batch,
        ClipNorm = 10,
    };
}

/// <summary>A step of DPO whose reference was scored before: once for a whole sweep.</summary>
internal sealed class DpoWork : TrainingWork
{
    public override string Name => "dpo";

    public override IEnumerable<WorkPart> Parts(WorkSetting setting)
    {
        TokenizedPair[] pairs = [.. setting.Texts.Pairs];
        ReferencePair[] reference = [.. pairs.Select(_ => new ReferencePair(-40, -40))];
        PreferenceTrainer trainer = new(
            setting.Model, Options(RmsProp, pairs.Length), new DpoLoss { Beta = 0.1 }, setting.RowBudget, memory: setting.Memory);
        WorkAmount amount = new(
            pairs.Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length),
            pairs.Length,
            pairs.Sum(pair => 3 * WorkAmount.Forward(setting.Shape, pair.Prompt.Length, pair.Chosen.Length, pair.Rejected.Length)));
        yield return new WorkPart(Name, "pairs", amount, () => trainer.Step(pairs, reference, totalSteps: 1), trainer);
    }
}

/// <summary>A supervised step whose loss is of response tokens alone.</summary>
internal sealed class SftWork : TrainingWork
{
    public override string Name => "sft";

    public override IEnumerable<WorkPart> Parts(WorkSetting setting)
    {
        TokenizedExample[] examples =
            [.. setting.Texts.Pairs.Select(pair => new TokenizedExample(pair.Id, pair.Prompt, pair.Chosen))];
        SupervisedTrainer trainer = new(
            setting.Model, Options(RmsProp, examples.Length), new TokenMean(), setting.RowBudget, setting.Memory);
        WorkAmount amount = new(
            examples.Sum(example => example.Prompt.Length + example.Response.Length),
            examples.Length,
            examples.Sum(example => 3 * WorkAmount.Forward(setting.Shape, example.Prompt.Length, example.Response.Length)));
        yield return new WorkPart(Name, "examples", amount, () => trainer.Step(examples, totalSteps: 1), trainer);
    }
}

/// <summary>A supervised step as a study pre-trains: prompt tokens are targets too, and the optimizer is Adam.</summary>
internal sealed class PretrainWork : TrainingWork
{
    public override string Name => "pretrain";

    public override IEnumerable<WorkPart> Parts(WorkSetting setting)
    {
        TokenizedExample[] examples = [.. setting.Texts.Pretraining];
        AdamW adam = new() { Beta1 = 0.9, Beta2 = 0.95, Eps = 1e-8, WeightDecay = 0 };
        SupervisedTrainer trainer =
            new(setting.Model, Options(adam, examples.Length), new TokenMean { PromptWeight = 0.2 }, setting.RowBudget, setting.Memory);
        WorkAmount amount = new(
            examples.Sum(example => example.Prompt.Length + example.Response.Length),
            examples.Length,
            examples.Sum(example =>
                setting.Shape.Training(example.Prompt.Length, example.Response.Length - 1, 1, promptRead: true)));
        yield return new WorkPart(Name, "examples", amount, () => trainer.Step(examples, totalSteps: 1), trainer);
    }
}

/// <summary>A step of a reward model.</summary>
internal sealed class RewardWork : TrainingWork
{
    public override string Name => "reward";

    public override IEnumerable<WorkPart> Parts(WorkSetting setting)
    {
        TokenizedPair[] pairs = [.. setting.Texts.Pairs];
        LanguageModel model = setting.ScoreModel();
        RewardTrainer trainer = new(model, Options(RmsProp, pairs.Length), setting.RowBudget, setting.Memory);
        WorkAmount amount = new(
            pairs.Sum(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length),
            pairs.Length,
            pairs.Sum(pair => 3 * WorkAmount.ForwardToScores(model.Shape, pair.Prompt.Length, pair.Chosen.Length, pair.Rejected.Length)));
        yield return new WorkPart(Name, "pairs", amount, () => trainer.Step(pairs, [], totalSteps: 1), trainer, model);
    }
}
