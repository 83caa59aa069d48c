using System.Globalization;
using Goodhart.Alignment.Remedies;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Points;
using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Models.Scoring;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>
/// A study before its steps are known, since how many there are depends on what the rows hold: its models and files, opened to see that
/// they can be used, before anything runs.
/// </summary>
internal sealed class StudyPreparation
{
    private readonly StudyDefinition study;
    private readonly Action<string>? told;
    private readonly TrainingMemory memory;
    private readonly DeviceMemory device;
    private readonly StudyModel[] models;
    private readonly OpenedJudge? judge;
    private readonly string[] losses;
    private readonly int[] seeds;
    private readonly bool needsRewards;

    /// <summary>Reward models that are there already.</summary>
    private readonly IReadOnlyList<ModelInput> rewards;

    /// <param name="told">Of the models that the study names, as <see cref="ModelFolder.Open"/> has it.</param>
    /// <exception cref="StudyFileException">A file that the study names is not there.</exception>
    /// <exception cref="InvalidDataException">A file cannot be used.</exception>
    /// <param name="memory">What training spends to take less.</param>
    /// <param name="device">What there is.</param>
    public StudyPreparation(StudyDefinition study, Action<string>? told, TrainingMemory memory, DeviceMemory device)
    {
        (this.study, this.told, this.memory, this.device) = (study, told, memory, device);
        StudyPlaces.Require(study);
        RequireRuns(study);
        judge = study.Judge is { } definition ? OpenedJudge.Open(definition, study.Seed, told) : null;
        losses = [.. StudyCell.Of(study).Select(cell => cell.Loss).Distinct()];
        seeds = [.. StudyCell.Of(study).Select(cell => cell.Seed).Distinct()];
        needsRewards = StudyCell.Of(study).Any(cell => cell.NeedsReward);
        rewards = study.Rlhf?.Reward is ExistingReward reward && needsRewards
            ? RewardInputs.Open(reward.From, told)
            : [];
        models = [.. study.Models.Select(Open)];
        if (models.Any(model => model.Trained() is not null))
        {
            RequireFixedReferences(study);
        }

        RequireRoomToJudge();
        RequireLabels();
    }

    /// <summary>Somebody who labels what policies write, where a run is trained on that.</summary>
    private void RequireLabels()
    {
        foreach (StudyCell cell in StudyCell.Of(study))
        {
            if (cell.Supply is OnlinePairs online && (online is not OnlineReward || study.Rlhf is null))
            {
                try
                {
                    OnlineRounds.LabelsOf(online, models[0].Rows.Preferences(cell.Seed), reward: null, judge);
                }
                catch (ArgumentException e)
                {
                    throw Refused(study, cell, e);
                }
            }
        }
    }

    /// <summary>Losses with their numbers and remedies, before anything runs.</summary>
    private static void RequireRuns(StudyDefinition study)
    {
        foreach (StudyCell cell in StudyCell.Of(study).Where(cell => cell.IsDirect))
        {
            try
            {
                cell.CreateLoss();
                cell.CreateRemedies(study.Align.BatchSize);
                AveragedRuns.Require(study, cell);
                EvidencedRuns.Require(study, cell);
            }
            catch (ArgumentException e)
            {
                throw Refused(study, cell, e);
            }
        }
    }

    /// <summary>With an adapter, the study's or one that a model is, nothing may move the reference.</summary>
    private static void RequireFixedReferences(StudyDefinition study)
    {
        foreach (StudyCell cell in StudyCell.Of(study).Where(cell => cell.IsDirect))
        {
            try
            {
                FixedReference.Require(cell.CreateRemedies(study.Align.BatchSize));
                AveragedRuns.RequireWhole(cell);
            }
            catch (ArgumentException e)
            {
                throw Refused(study, cell, e);
            }
        }
    }

    private static StudyFileException Refused(StudyDefinition study, StudyCell cell, ArgumentException e) =>
        new($"{study.Name}: align, {cell.Method}: {e.Message}");

    /// <summary>What must be stored before <see cref="Graph"/>.</summary>
    public IReadOnlyList<TokenizeRows> Data =>
    [
        .. models.SelectMany(model => (TokenizeRows?[])
        [
            .. seeds.Select(model.Rows.Preferences), model.Rows.HeldOut, model.Rows.Prompts, model.Rows.Fresh, model.Rows.Sft,
            model.PretrainLearningRate is null ? null : model.Rows.Pretraining,
            .. Has(RlhfMethods.Ppo) ? seeds.Select(model.Rows.PolicyPrompts) : [],
        ]).OfType<TokenizeRows>().DistinctBy(rows => rows.Key),
    ];

    /// <summary>Memory that one step takes at its peak, about, bytes.</summary>
    public long StepBytes => Math.Max(judge?.Model is { } own ? StepMemory.OfScoring([own.Config.Shape]) : 0, models.Max(BytesOf));

    /// <summary>Tokens of the longest row.</summary>
    private int LongestRow => models[0].Rows.Prompts.Source.LongestRow;

    /// <summary>What alignment by adapters saves of the largest model; null where the weights are trained.</summary>
    public AdapterMemory? Adapters => models.Where(model => model.Trained() is not null)
        .Select(model => AdapterMemory.Of(model.Config.Shape, study.Align.Optimizer, model.Trained()!.Value)).MaxBy(memory => memory.Whole);

    /// <param name="read">The account of a step of <see cref="Data"/>.</param>
    /// <exception cref="ArgumentException">The data are too few for what the study asks.</exception>
    public StudyGraph Graph(Func<TokenizeRows, TokenizedData> read) => new(study, models, judge, Data, read);

    private bool Has(string loss) => losses.Contains(loss);

    private long BytesOf(StudyModel model)
    {
        ModelShape shape = model.Config.Shape;
        StepMemory training = new(memory, device, Math.Max(ResponseScorer.DefaultRowBudget, LongestRow));
        ModelConfig[] rewardModels = rewards.Count > 0 ? [.. rewards.Select(reward => reward.Config)] : [model.Config.WithScoreHead()];
        LoraConfig? lora = model.Lora ?? model.OwnAdapter;
        List<long> steps =
        [
            .. Alignments(model).Select(
                kind => training.OfAlignment(model.Config, study.Align.Optimizer, lora, kind.Couples, kind.Remedies)),
            StepMemory.OfMeasuring(shape, Math.Max(MeasureCheckpoint.CacheRows, CacheRows(1, SamplesAtOnce()))),
        ];
        if (study.Sft is { } sft)
        {
            steps.Add(training.OfTraining(model.Config, sft.Optimizer, model.OwnAdapter));
        }

        if (study.Pretrain is { } pretrain && model.PretrainLearningRate is not null)
        {
            steps.Add(training.OfTraining(model.Config, pretrain.Optimizer, lora: null));
        }

        if (needsRewards)
        {
            steps.Add(StepMemory.OfScoring([.. rewardModels.Select(reward => reward.Shape)]));
            if (study.Rlhf!.Reward is RewardDefinition recipe)
            {
                steps.Add(training.OfRewards(model.Config, recipe.Optimizer, lora));
            }
        }

        if (Has(RlhfMethods.Ppo) && study.Rlhf?.Ppo is { } ppo)
        {
            steps.Add(training.OfRollouts(
                model.Config, ppo.Method(coefficient: 1).Options, lora, rewardModels, ppo.Prompts,
                Math.Min(LongestRow, model.Config.MaxPositions - study.Evaluate.MaxNewTokens), ppo.SamplesPerPrompt,
                study.Evaluate.MaxNewTokens));
        }

        return steps.Max();
    }

    /// <summary>What memory knows of the model's runs on pairs.</summary>
    private IEnumerable<(bool Couples, RemedyPlan Remedies)> Alignments(StudyModel model) => StudyCell.Of(study)
        .Where(cell => cell.IsDirect && cell.Model == model.Name)
        .Select(cell => (cell.CreateLoss().CouplesBatch, cell.CreateRemedies(study.Align.BatchSize) ?? RemedyPlan.None)).Distinct();

    /// <summary>Of a prompt.</summary>
    private int SamplesAtOnce() => Math.Max(study.Evaluate.FinalSamplesPerPrompt, Has(RlhfMethods.BestOfN) ? study.Rlhf!.BestOfN.Pool : 1);

    private int CacheRows(int prompts, int samples) => prompts * (LongestRow + (samples * study.Evaluate.MaxNewTokens));

    private StudyModel Open(ModelDefinition definition) => definition switch
    {
        ExistingModel own => Open(own),
        SizedModel sized => Open(sized),
        _ => throw new NotSupportedException($"{definition.GetType().Name} is no model of a study."),
    };

    private StudyModel Open(ExistingModel definition)
    {
        ModelInput input = ModelInput.Open(definition.From.Folder, told);
        IEnumerable<ModelInput> asked = rewards.Concat(judge?.Model is { } own ? (ModelInput[])[own] : []);
        StudyRows rows = StudyRows.Of(study, TokenizerFiles.Of(
            definition.From.Folder, StudyRows.Style(study), [definition.From.Folder, .. asked.Select(model => model.Folder.Path)], told));
        input.Require(rows.Prompts.Source);
        return Checked(new StudyModel
        {
            Name = definition.Name,
            OwnAdapter = input.Lora,
            Config = input.Config,
            Start = new NamedFolder(input.Folder),
            Place = input.Folder.Path,
            PretrainLearningRate = null,
            Rows = rows,
            Rewards = rewards,
        });
    }

    private StudyModel Open(SizedModel definition)
    {
        TokenizerFiles? files = study.Data?.Tokenizer is { } folder ? TokenizerFiles.Of(folder.Folder, StudyRows.Style(study), told) : null;
        TokenizerSource tokenizer = files is null ? new WorldTokenizer() : files;
        NewModel model = new(
            definition.HiddenSize, definition.Layers, definition.Heads, definition.MaxPositions, Vocabulary: null, study.Seed)
        {
            Architecture = definition.Architecture,
        };
        ModelConfig config = model.Config(tokenizer.Open());
        return Checked(new StudyModel
        {
            Name = definition.Name,
            Config = config,
            Start = new StoredModel(
                new CreateModel { Model = model, Tokenizer = tokenizer, ModelName = definition.Name, Bytes = config.Shape.WeightBytes }),
            Place = $"model {definition.Name}",
            PretrainLearningRate = definition.PretrainLearningRate,
            Rows = StudyRows.Of(study, files),
            Rewards = rewards,
        });
    }

    private StudyModel Checked(StudyModel model)
    {
        RequireRoom(model.Config, model.Place);
        if (study.Align.Lora is { } lora)
        {
            model = model.OwnAdapter is { } own ? throw AdapterFault.Twice(model.Place, own) : model with { Lora = lora.On(model.Config) };
        }

        foreach (ModelInput reward in rewards)
        {
            PolicyStage.RequireReward(reward, model.Config, model.Place, model.Rows.Prompts.Source.OpenTokenizer());
            RequireRoom(reward.Config, reward.Folder.Path);
        }

        return model;
    }

    /// <summary>
    /// Texts of the policies' own tokens are as long for a judge with their tokenizer; another's are counted when they are read.
    /// </summary>
    private void RequireRoomToJudge()
    {
        if (judge?.Model is { } own && models.Any(model => own.IsTokenizedBy(model.Rows.Prompts.Source.OpenTokenizer())))
        {
            RequireRoom(own.Config, own.Folder.Path);
        }
    }

    /// <summary>The longest prompt is one below the budget: a response has a token at least.</summary>
    private void RequireRoom(ModelConfig config, string place)
    {
        int longest = LongestOf(study) - 1 + study.Evaluate.MaxNewTokens;
        if (longest > config.MaxPositions)
        {
            string remedy = study.Data is null ? "" : "data.prompt.maxTokens or ";
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{place} has {config.MaxPositions} positions; prompts of up to {LongestOf(study) - 1} tokens and "
                    + $"{study.Evaluate.MaxNewTokens} new ones need {longest}: lower {remedy}evaluate.maxNewTokens."));
        }
    }

    private static int LongestOf(StudyDefinition study) => study.Data?.Prompt.MaxTokens ?? Worlds.TldrWorld.LongestRow;
}
