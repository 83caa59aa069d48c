using System.Globalization;
using Goodhart.Evaluation.Points;
using Goodhart.Text.Datasets;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Configuration;

/// <summary>The keys of a study of the user's own models and data. Whether the files are there is seen when the study starts.</summary>
internal static class DataStudyBinder
{
    private static readonly string[] Policies = [.. TruncationPolicy.All.Select(policy => policy.Name)];

    public static DataStudy Bind(MappingReader study, string name, string description)
    {
        DataDefinition data = study.Mapping("data", Data);
        DataStudy definition = new()
        {
            Name = name,
            Description = description,
            Data = data,
            Seed = study.Has("seed") ? study.Read("seed", ValueRule.Seed, 0UL) : 0,
            Models = study.Each("models", model => new ModelDefinition(model.Read("name", ValueRule.Name, ""), model.Path("from"))),
            Sft = study.Says("sft", "none") ? null : study.Mapping("sft", Sft),
            Align = study.Mapping("align", align => StudyBinder.Align(align, requiresPairs: false, RlhfMethods.All)),
            Rlhf = study.Has("rlhf") ? study.Mapping("rlhf", RlhfBinder.BindData) : null,
            Evaluate = study.Mapping("evaluate", StudyBinder.Evaluate),
            Judge = !study.Has("judge") || study.Says("judge", "none") ? null : study.Mapping("judge", JudgeBinder.Bind),
            Seeds = study.List("seeds", ValueRule.Whole(0), 0),
            Keep = EnumNames<KeepPolicy>.Read(study, "keep"),
        };
        study.Require(
            definition.Sft is null || data.Sft is not null,
            "sft",
            "expected data.sft, the demonstrations to train on (data.preferences again takes the chosen responses), or sft: none for folders that hold SFT models.");
        study.Require(definition.Sft is not null || data.Sft is null, "data", "data.sft is given and sft: none leaves it unused; remove one.");
        return definition;
    }

    private static DataDefinition Data(MappingReader data) => new(
        data.Path("preferences"),
        data.Path("heldOut"),
        data.Has("sft") ? data.Path("sft") : null,
        data.Has("columns") ? data.Mapping("columns", Columns) : new Dictionary<string, string>(),
        data.Mapping("prompt", Prompt))
    {
        ChatTemplate = !data.Has("chatTemplate") ? null
            : data.Says("chatTemplate", "model") ? "model"
            : data.Says("chatTemplate", "plain") ? "plain"
            : data.Path("chatTemplate").Text,
        PrefixMismatch = data.Has("prefixMismatch") ? data.Read("prefixMismatch", ValueRule.OneOf(["refuse", "common"]), "refuse") : null,
        ChatDate = data.Has("chatDate") ? ChatDay(data) : null,
    };

    private static string ChatDay(MappingReader data)
    {
        string day = data.Read("chatDate", ValueRule.AnyText, "");
        data.Require(DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), "chatDate", "expected a day as YYYY-MM-DD.");
        return day;
    }

    private static Dictionary<string, string> Columns(MappingReader columns) => ColumnMap.Roles.Where(columns.Has)
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

    private static DataSftDefinition Sft(MappingReader sft) => new(
        sft.Whole("epochs", min: 1),
        sft.Whole("batchSize", min: 1),
        sft.Mapping("optimizer", OptimizerBinder.Bind),
        sft.Read("learningRate", ValueRule.AboveZero, 1),
        sft.Whole("warmupSteps", min: 0),
        sft.Read("clipNorm", ValueRule.AboveZero, 1),
        EnumNames<SftReduction>.Read(sft, "reduction"));
}
