using System.Text.Json.Serialization;

namespace Goodhart.Studies.Configuration;

/// <summary>A study of the user's own models on the user's own data.</summary>
public sealed record DataStudy : StudyDefinition
{
    [JsonPropertyOrder(2)]
    public required DataDefinition Data { get; init; }

    [JsonPropertyOrder(4)]
    public required IReadOnlyList<ModelDefinition> Models { get; init; }

    /// <summary>Null (<c>sft: none</c>): the folders hold SFT models already.</summary>
    [JsonPropertyOrder(6)]
    public required DataSftDefinition? Sft { get; init; }

    /// <summary>Null where no run needs a reward model.</summary>
    [JsonPropertyOrder(7)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DataRlhfDefinition? Rlhf { get; init; }

    /// <summary>Null (<c>judge: none</c>, or no such key): nothing decides wins.</summary>
    [JsonPropertyOrder(11)]
    public JudgeDefinition? Judge { get; init; }

    [JsonIgnore]
    public override IReadOnlyList<string> ModelNames => [.. Models.Select(model => model.Name)];

    [JsonIgnore]
    public override PpoDefinition? Ppo => Rlhf?.Ppo;
}

/// <param name="Preferences">Pairs to train on.</param>
/// <param name="HeldOut">Pairs to measure on; their prompts are the evaluation prompts.</param>
/// <param name="Sft">Demonstrations for SFT; null without SFT. Of preference data the chosen responses are taken.</param>
/// <param name="Columns">Role to column, where a column does not have the role's own name.</param>
public sealed record DataDefinition(
    StudyPath Preferences, StudyPath HeldOut, StudyPath? Sft, IReadOnlyDictionary<string, string> Columns, PromptDefinition Prompt)
{
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

/// <param name="From">A Hugging Face folder.</param>
public sealed record ModelDefinition(string Name, StudyPath From);

/// <param name="Epochs">Passes over the demonstrations.</param>
public sealed record DataSftDefinition(
    int Epochs, int BatchSize, OptimizerDefinition Optimizer, double LearningRate, int WarmupSteps, double ClipNorm, SftReduction Reduction);
