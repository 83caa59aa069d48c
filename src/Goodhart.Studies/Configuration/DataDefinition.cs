using System.Text.Json.Serialization;

namespace Goodhart.Studies.Configuration;

/// <param name="Preferences">Pairs to train on.</param>
/// <param name="HeldOut">Pairs to measure on; without <see cref="Prompts"/> their prompts are the evaluation prompts.</param>
/// <param name="Columns">Role to column, where a column does not have the role's own name.</param>
public sealed record DataDefinition(
    StudyPath Preferences, StudyPath HeldOut, IReadOnlyDictionary<string, string> Columns, PromptDefinition Prompt)
{
    /// <summary>The column of <see cref="Prompts"/> with the data's response; not a role of other files.</summary>
    public const string Reference = "reference";

    /// <summary>Texts for pre-training, as prompt and completion.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StudyPath? Pretrain { get; init; }

    /// <summary>Demonstrations for SFT; null without SFT. Of preference data the chosen responses are taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StudyPath? Sft { get; init; }

    /// <summary>Evaluation prompts, each with the response that samples are compared with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StudyPath? Prompts { get; init; }

    /// <summary>Share of a file's rows that may be bad and are passed over; null: the first bad row ends the study.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MaxBadRows { get; init; }

    /// <summary>A folder with the tokenizer of models that are given by size.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StudyPath? Tokenizer { get; init; }

    /// <summary>model, plain or a template file; null: the models' own where their folders have one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ChatTemplate { get; init; }

    /// <summary>refuse or common; null: refuse.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PrefixMismatch { get; init; }

    /// <summary>The day (YYYY-MM-DD) that templates are told which ask for the date.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ChatDate { get; init; }
}

/// <summary>What becomes of long rows: as <c>--max-tokens</c>, <c>--max-prompt-tokens</c> and <c>--truncation</c> of the verbs.</summary>
/// <param name="MaxTokens">Of a prompt with its longer response, EOS included.</param>
/// <param name="MaxPromptTokens">Of a prompt; null: what the response leaves.</param>
/// <param name="Truncate">The policy's name.</param>
public sealed record PromptDefinition(int MaxTokens, int? MaxPromptTokens, string Truncate);
