using System.Text.Json.Serialization;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;

namespace Goodhart.Studies.Configuration;

/// <summary>Who decides which response wins in a study of the user's own data.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ChatJudgeDefinition), "openai")]
[JsonDerivedType(typeof(RewardJudgeDefinition), "reward")]
public abstract record JudgeDefinition;

/// <summary>A reward model: what it scores higher wins.</summary>
/// <param name="Model">Its folder.</param>
public sealed record RewardJudgeDefinition(StudyPath Model) : JudgeDefinition;

/// <summary>A chat model, as the options of <c>evaluate --judge</c> name it. Says where the key is, never the key.</summary>
public sealed record ChatJudgeDefinition : JudgeDefinition
{
    /// <summary>As the endpoint names it.</summary>
    public required string Model { get; init; }

    /// <summary>The endpoint with its <c>/v1</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The name that replies carry, where it is another one.</summary>
    public string? ServedAs { get; init; }

    /// <summary>Environment variable with the key; null without <see cref="KeyFile"/>: OPENAI_API_KEY for OpenAI's own address, none for others.</summary>
    public string? KeyEnv { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>A shipped template's name, or a file.</summary>
    public required string Template { get; init; }

    public required PositionOrders Orders { get; init; }

    /// <summary>Further fields of each request, a JSON object as text.</summary>
    public string? Request { get; init; }

    /// <summary>Longest reply in tokens.</summary>
    public required int ReplyTokens { get; init; }

    /// <summary>Requests under way at once, in the whole study.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Seconds.</summary>
    public required double RequestTimeout { get; init; }

    public required int Retries { get; init; }

    /// <summary>Of the whole study.</summary>
    public int? MaxCalls { get; init; }

    /// <summary>Of the whole study, US dollars.</summary>
    public double? MaxCost { get; init; }

    /// <summary>US dollars per million tokens read; with <see cref="PriceOut"/> or not at all.</summary>
    public double? PriceIn { get; init; }

    public double? PriceOut { get; init; }

    /// <summary>Null where no price is known.</summary>
    [JsonIgnore]
    public TokenPrice? Price => (PriceIn, PriceOut) is ({ } read, { } written) ? new TokenPrice(read, written) : null;
}
