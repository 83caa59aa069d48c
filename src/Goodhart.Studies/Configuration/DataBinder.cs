using System.Globalization;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Configuration;

/// <summary>The key <c>data</c>: files of the user's own. Whether they are there is seen when the study starts.</summary>
internal static class DataBinder
{
    private static readonly string[] Policies = [.. TruncationPolicy.All.Select(policy => policy.Name)];

    public static DataDefinition Bind(MappingReader data)
    {
        StudyPath? File(string key) => data.Has(key) ? data.Path(key) : null;
        StudyPath preferences = data.Path("preferences");
        StudyPath heldOut = data.Path("heldOut");
        (
            StudyPath? sft,
            StudyPath? pretrain,
            StudyPath? prompts,
            StudyPath? tokenizer) = (File("sft"), File("pretrain"), File("prompts"), File("tokenizer"));
        Dictionary<string, string> columns = data.Has("columns") ? data.Mapping("columns", Columns) : [];
        data.Require(
            prompts is not null || !columns.ContainsKey(DataDefinition.Reference), "columns",
            $"columns.{DataDefinition.Reference} is a column of data.prompts, which is not given.");
        return new DataDefinition(preferences, heldOut, columns, data.Mapping("prompt", Prompt))
        {
            Pretrain = pretrain,
            Sft = sft,
            Prompts = prompts,
            Tokenizer = tokenizer,
            MaxBadRows = MaxBadRows(data),
            ChatTemplate = !data.Has("chatTemplate") ? null
                : data.Says("chatTemplate", "model") ? "model"
                : data.Says("chatTemplate", "plain") ? "plain"
                : data.Path("chatTemplate").Text,
            PrefixMismatch = data.Has("prefixMismatch")
                ? data.Read("prefixMismatch", ValueRule.OneOf(["refuse", "common"]), "refuse")
                : null,
            ChatDate = data.Has("chatDate") ? ChatDay(data) : null,
        };
    }

    private static string ChatDay(MappingReader data)
    {
        string day = data.Read("chatDate", ValueRule.AnyText, "");
        bool isDay = DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        data.Require(isDay, "chatDate", "expected a day as YYYY-MM-DD.");
        return day;
    }

    private static double? MaxBadRows(MappingReader data)
    {
        bool skip = data.Has("badRows") && data.Read("badRows", ValueRule.OneOf(["refuse", "skip"]), "refuse") == "skip";
        bool given = data.Has("maxBadRows");
        data.Require(
            skip || !given, "maxBadRows", "data.maxBadRows belongs to badRows: skip; without it the first bad row ends the study.");
        return !skip
            ? null
            : given
            ? data.Read("maxBadRows", ValueRule.FromZeroToOne, RowReading.UsualMaxBadRows)
            : RowReading.UsualMaxBadRows;
    }

    /// <summary>Checks that each file has a stage that reads it, and each stage its file.</summary>
    public static void RequireUsed(MappingReader study, StudyDefinition definition)
    {
        bool sized = definition.Models.Any(model => model is SizedModel);
        study.Require(
            sized || definition.Pretrain is null,
            "pretrain",
            "only models given by size are pre-trained, and all of these exist: remove one.");
        if (definition.Data is not { } data)
        {
            return;
        }

        study.Require(
            definition.Sft is null || data.Sft is not null,
            "sft",
            "expected data.sft, the demonstrations to train on (data.preferences again takes the chosen responses), or sft: none for "
                + "folders that hold SFT models.");
        study.Require(
            definition.Sft is not null || data.Sft is null, "data", "data.sft is given and sft: none leaves it unused; remove one.");
        study.Require(
            definition.Pretrain is null || data.Pretrain is not null, "pretrain", "expected data.pretrain, the texts to train on.");
        study.Require(
            definition.Pretrain is not null || data.Pretrain is null,
            "data",
            "data.pretrain is given and nothing says how: add the key pretrain.");
        study.Require(
            !sized || data.Tokenizer is not null,
            "models",
            "models given by size need data.tokenizer, a folder with their tokenizer.json.");
        study.Require(
            sized || data.Tokenizer is null, "data", "data.tokenizer is that of models given by size, and all of these exist: remove it.");
    }

    private static Dictionary<string, string> Columns(MappingReader columns) =>
        ColumnMap.Roles.Append(DataDefinition.Reference).Where(columns.Has)
        .ToDictionary(role => role, role => columns.Read(role, ValueRule.AnyText, ""));

    private static PromptDefinition Prompt(MappingReader prompt)
    {
        PromptDefinition bound = new(
            prompt.Whole("maxTokens", min: 2),
            prompt.Has("maxPromptTokens") ? prompt.Whole("maxPromptTokens", min: 1) : null,
            prompt.Read("truncate", ValueRule.OneOf(Policies), Policies[0]));
        string? refusal = Refusal(bound);
        prompt.Require(refusal is null, "truncate", refusal ?? "");
        return bound;
    }

    /// <summary>Why the policy cannot use this budget; null where it can.</summary>
    private static string? Refusal(PromptDefinition prompt)
    {
        try
        {
            TruncationPolicy.Parse(prompt.Truncate).Require(new LengthBudget(prompt.MaxTokens, prompt.MaxPromptTokens));
            return null;
        }
        catch (ArgumentException refused)
        {
            return refused.Message;
        }
    }
}
