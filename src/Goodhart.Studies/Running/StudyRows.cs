using System.Globalization;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Studies.Configuration;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Running;

/// <summary>The rows of a study: of its files, cut for one tokenizer, or of its world. Nothing else tells the two apart.</summary>
internal sealed record StudyRows
{
    /// <summary>Null where no model is pre-trained.</summary>
    public required TokenizeExamples? Pretraining { get; init; }

    /// <summary>Null without SFT.</summary>
    public required TokenizeExamples? Sft { get; init; }

    public required TokenizePairs HeldOut { get; init; }

    public required AnsweredPrompts Prompts { get; init; }

    /// <summary>Prompts that no checkpoint is chosen on; null: the study has no second pass.</summary>
    public AnsweredPrompts? Fresh { get; init; }

    private RowSource Training { get; init; } = null!;

    /// <summary>Null: all the pairs that there are.</summary>
    private RowSelection? Selection { get; init; }

    /// <summary>The pairs that an alignment seed is trained on.</summary>
    public TokenizePairs Preferences(int alignmentSeed) => new() { Source = Training.OfSeed(alignmentSeed), Selection = Selection };

    /// <summary>What its policy gradients ask.</summary>
    public TokenizePairPrompts PolicyPrompts(int alignmentSeed) => new() { Source = Training.OfSeed(alignmentSeed), Selection = Selection };

    public static StudyRows Of(StudyDefinition study, TokenizerFiles? tokenizer) =>
        study.Data is { } data ? OfData(study, data, tokenizer!) : OfWorld(study);

    /// <summary>How conversations become text; worlds have none.</summary>
    public static ChatStyle Style(StudyDefinition study) => study.Data is not { } data ? ChatStyle.Usual : new ChatStyle(
        data.ChatTemplate,
        data.PrefixMismatch switch { "common" => PrefixMismatch.Common, "refuse" => PrefixMismatch.Refuse, _ => null },
        data.ChatDate is { } day ? DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null);

    private static StudyRows OfWorld(StudyDefinition study)
    {
        RowSource Rows(WorldSet set, int count) => new WorldRows(set, study.Seed, count);
        RowSource Pairs(WorldSet set, int count) => new WorldRows(set, study.Seed, count) { Labeller = study.Labeller };
        return new StudyRows
        {
            Pretraining = study.Pretrain is { } pretrain
                ? new TokenizeExamples { Source = Rows(WorldSet.Pretraining, pretrain.Examples!.Value) }
                : null,
            Sft = study.Sft is { } sft ? new TokenizeExamples { Source = Rows(WorldSet.Sft, sft.Examples!.Value) } : null,
            HeldOut = new TokenizePairs { Source = Pairs(WorldSet.HeldOutPairs, study.Evaluate.HeldOutPairs) },
            Prompts = new TokenizeAnsweredPrompts { Source = Rows(WorldSet.Prompts, study.Evaluate.Prompts), Selection = null },
            Fresh = study.Evaluate.Confirm is not { } confirm ? null : new TokenizeAnsweredPrompts
            {
                Source = new WorldRows(WorldSet.Prompts, study.Seed, confirm.Prompts) { After = study.Evaluate.Prompts },
                Selection = null,
            },
            Training = Pairs(WorldSet.Preferences, study.Align.Pairs!.Value),
        };
    }

    private static StudyRows OfData(StudyDefinition study, DataDefinition data, TokenizerFiles tokenizer)
    {
        StageData reading = new(
            new RowReading { Columns = ColumnMap.Of(Only(column => column != DataDefinition.Reference)), MaxBadRows = data.MaxBadRows },
            new LengthBudget(data.Prompt.MaxTokens, data.Prompt.MaxPromptTokens),
            TruncationPolicy.Parse(data.Prompt.Truncate));
        FileRows heldOut = Pairs(data.HeldOut);
        return new StudyRows
        {
            Pretraining = Examples(data.Pretrain),
            Sft = Examples(data.Sft),
            HeldOut = new TokenizePairs { Source = heldOut, Selection = new RowSelection(study.Evaluate.HeldOutPairs, study.Seed) },
            Prompts = Prompts(new RowSelection(study.Evaluate.Prompts, study.Seed)),
            Fresh = study.Evaluate.Confirm is not { } confirm
                ? null
                : Prompts(new RowSelection(confirm.Prompts, study.Seed) { After = study.Evaluate.Prompts }),
            Training = Pairs(data.Preferences),
            Selection = study.Align.Pairs is { } pairs ? new RowSelection(pairs, study.Seed) : null,
        };

        Dictionary<string, string> Only(Func<string, bool> wanted) =>
            data.Columns.Where(column => wanted(column.Key)).ToDictionary(column => column.Key, column => column.Value);

        FileRows Pairs(StudyPath path)
        {
            FileRows rows = reading.Source(path.File, tokenizer);
            PairInputs.RequirePairs(rows);
            return rows;
        }

        TokenizeExamples? Examples(StudyPath? path)
        {
            if (path is null)
            {
                return null;
            }

            FileRows rows = reading.Source(path.File, tokenizer);
            rows.OpenData();
            return new TokenizeExamples { Source = rows };
        }

        AnsweredPrompts Prompts(RowSelection selection)
        {
            if (data.Prompts is not { } path)
            {
                return new TokenizeHeldOutPrompts { Source = heldOut, Selection = selection };
            }

            string reference = data.Columns.GetValueOrDefault(DataDefinition.Reference, DataDefinition.Reference);
            FileRows rows = (reading with
            {
                Reading = reading.Reading with
                {
                    Columns = ColumnMap.Of(
                        new Dictionary<string, string>(Only(column => column is "prompt" or "input")) { ["completion"] = reference }),
                },
            }).Source(path.File, tokenizer);
            rows.OpenData();
            return new TokenizeAnsweredPrompts { Source = rows, Selection = selection };
        }
    }
}
