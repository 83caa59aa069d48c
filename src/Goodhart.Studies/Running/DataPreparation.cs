using Goodhart.Evaluation.Points;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Running;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Running;

/// <summary>The user's models and files, opened to see that they can be used, before anything runs.</summary>
internal sealed class DataPreparation : StudyPreparation
{
    private readonly DataStudy study;
    private readonly DataModel[] models;
    private readonly DataJudge? judge;
    private readonly string[] losses;

    /// <summary>Reward models that are there already.</summary>
    private readonly IReadOnlyList<ModelInput> rewards;

    public DataPreparation(DataStudy study)
    {
        this.study = study;
        StudyPlaces.Require(study);
        judge = study.Judge is { } definition ? DataJudge.Open(definition, study.Seed) : null;
        losses = [.. StudyCell.Of(study).Select(cell => cell.Loss).Distinct()];
        rewards = study.Rlhf?.Reward is ExistingReward reward && losses.Any(RlhfMethods.Contains) ? RewardInputs.Open(reward.From) : [];
        StageData reading = new(
            new RowReading { Columns = ColumnMap.Of(study.Data.Columns) },
            new LengthBudget(study.Data.Prompt.MaxTokens, study.Data.Prompt.MaxPromptTokens),
            TruncationPolicy.Parse(study.Data.Prompt.Truncate));
        models = [.. study.Models.Select(model => Open(model, reading))];
        RequireRoomToJudge();
    }

    public override IReadOnlyList<TokenizeRows> Data => [.. models.SelectMany(model => model.Data)];

    public override long StepBytes => Math.Max(judge?.Model is { } own ? StepMemory.OfScoring([own.Config.Shape]) : 0, models.Max(BytesOf));

    public override IStudyGraph Graph(Func<TokenizeRows, TokenizedData> read) => new DataGraph(study, models, judge, read);

    private bool Has(string loss) => losses.Contains(loss);

    private long BytesOf(DataModel model)
    {
        ModelShape shape = model.Input.Config.Shape;
        int rows = Math.Max(ResponseScorer.DefaultRowBudget, study.Data.Prompt.MaxTokens);
        ModelShape[] rewardShapes = rewards.Count > 0 ? [.. rewards.Select(reward => reward.Config.Shape)] : [shape];
        List<long> steps =
        [
            StepMemory.OfTraining(shape, study.Align.Optimizer, rows),
            StepMemory.OfMeasuring(shape, Math.Max(MeasureCheckpoint.CacheRows, CacheRows(1, SamplesAtOnce()))),
        ];
        if (study.Sft is { } sft)
        {
            steps.Add(StepMemory.OfTraining(shape, sft.Optimizer, rows));
        }

        if (losses.Any(RlhfMethods.Contains))
        {
            steps.Add(StepMemory.OfScoring(rewardShapes));
            if (study.Rlhf!.Reward is RewardDefinition recipe)
            {
                steps.Add(StepMemory.OfTraining(shape, recipe.Optimizer, rows));
            }
        }

        if (Has(RlhfMethods.Ppo) && study.Ppo is { } ppo)
        {
            steps.Add(StepMemory.OfRollouts(shape, ppo.Optimizer, rewardShapes, rows, CacheRows(ppo.Prompts, ppo.SamplesPerPrompt)));
        }

        return steps.Max();
    }

    /// <summary>Of a prompt.</summary>
    private int SamplesAtOnce() => Math.Max(study.Evaluate.FinalSamplesPerPrompt, Has(RlhfMethods.BestOfN) ? study.Rlhf!.BestOfN.Pool : 1);

    private int CacheRows(int prompts, int samples) => prompts * (study.Data.Prompt.MaxTokens + (samples * study.Evaluate.MaxNewTokens));

    private DataModel Open(ModelDefinition definition, StageData reading)
    {
        ModelInput input = ModelInput.Open(definition.From.Text);
        TokenizerFiles tokenizer = TokenizerFiles.Of(definition.From.Text);
        input.Require(tokenizer.Open(), reading.Budget);
        RequireRoom(input);
        DataModel model = new()
        {
            Name = definition.Name,
            Input = input,
            Preferences = new TokenizePairs
            {
                Source = reading.Source(study.Data.Preferences.Text, tokenizer),
                Selection = study.Align.Pairs is { } pairs ? new RowSelection(pairs, study.Seed) : null,
            },
            HeldOut = new TokenizePairs
            {
                Source = reading.Source(study.Data.HeldOut.Text, tokenizer),
                Selection = new RowSelection(study.Evaluate.HeldOutPairs, study.Seed),
            },
            Prompts = new TokenizeHeldOutPrompts
            {
                Source = reading.Source(study.Data.HeldOut.Text, tokenizer),
                Selection = new RowSelection(study.Evaluate.Prompts, study.Seed),
            },
            Sft = study.Data.Sft is { } sft ? new TokenizeExamples { Source = reading.Source(sft.Text, tokenizer) } : null,
            PolicyPrompts = Has(RlhfMethods.Ppo)
                ? new TokenizePairPrompts
                {
                    Source = reading.Source(study.Data.Preferences.Text, tokenizer),
                    Selection = study.Align.Pairs is { } asked ? new RowSelection(asked, study.Seed) : null,
                }
                : null,
            Rewards = rewards,
        };
        foreach (ModelInput reward in rewards)
        {
            PolicyStage.RequireReward(reward, input, tokenizer.Open());
            RequireRoom(reward);
        }

        PairFile.RequirePairs(model.Preferences.Source);
        PairFile.RequirePairs(model.HeldOut.Source);
        model.Sft?.Source.OpenData();
        return model;
    }

    /// <summary>Texts of the policies' own tokens are as long for a judge with their tokenizer; another's are counted when they are read.</summary>
    private void RequireRoomToJudge()
    {
        if (judge?.Model is { } own && models.Any(model => SameTokenizer(own, model.Input)))
        {
            RequireRoom(own);
        }
    }

    private static bool SameTokenizer(ModelInput a, ModelInput b) =>
        new InputFile(Path.Combine(a.Folder.Path, "tokenizer.json")).Sha256 == new InputFile(Path.Combine(b.Folder.Path, "tokenizer.json")).Sha256;

    /// <summary>The longest prompt is one below the budget: a response has a token at least.</summary>
    private void RequireRoom(ModelInput input)
    {
        int longest = study.Data.Prompt.MaxTokens - 1 + study.Evaluate.MaxNewTokens;
        if (longest > input.Config.MaxPositions)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"{input.Folder.Path} has {input.Config.MaxPositions} positions; prompts of up to {study.Data.Prompt.MaxTokens - 1} tokens and {study.Evaluate.MaxNewTokens} new ones need {longest}: lower data.prompt.maxTokens or evaluate.maxNewTokens."));
        }
    }
}
