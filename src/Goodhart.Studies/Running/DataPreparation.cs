using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Models.HuggingFace;
using Goodhart.Models.Scoring;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Judging;
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

    public DataPreparation(DataStudy study)
    {
        this.study = study;
        StudyPlaces.Require(study);
        switch (study.Judge)
        {
            case ChatJudgeDefinition chat:
                _ = StudyJudge.Options(chat, study.Seed, ApiKey.None);   // the template is there and sound
                break;
            case RewardJudgeDefinition reward:
                ModelInput.Open(reward.Model.Text).Require(OutputHead.Score);
                break;
        }

        StageData reading = new(
            ColumnMap.Parse(string.Join(',', study.Data.Columns.Select(column => $"{column.Key}={column.Value}"))),
            new LengthBudget(study.Data.Prompt.MaxTokens, study.Data.Prompt.MaxPromptTokens),
            TruncationPolicy.Parse(study.Data.Prompt.Truncate));
        models = [.. study.Models.Select(model => Open(model, reading))];
    }

    public override IReadOnlyList<TokenizeRows> Data => [.. models.SelectMany(model => model.Data)];

    public override long StepBytes => models.Max(model => Math.Max(
        Optimizers.Max(optimizer => StepMemory.OfTraining(
            model.Input.Config, optimizer, Math.Max(ResponseScorer.DefaultRowBudget, study.Data.Prompt.MaxTokens))),
        StepMemory.OfMeasuring(model.Input.Config, MeasureCheckpoint.CacheRows)));

    private IEnumerable<OptimizerDefinition> Optimizers => study.Sft is { } sft ? [sft.Optimizer, study.Align.Optimizer] : [study.Align.Optimizer];

    public override IStudyGraph Graph(Func<TokenizeRows, TokenizedData> read) => new DataGraph(study, models, read);

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
        };
        PairFile.RequirePairs(model.Preferences.Source);
        PairFile.RequirePairs(model.HeldOut.Source);
        model.Sft?.Source.OpenData();
        return model;
    }

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
