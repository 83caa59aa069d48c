using System.Text.Json.Serialization;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;

namespace Goodhart.Studies.Configuration;

/// <summary>Who decides which response wins. A variant is a type.</summary>
[JsonConverter(typeof(Json))]
public abstract record JudgeDefinition
{
    /// <summary>For people.</summary>
    [JsonIgnore]
    public abstract string Called { get; }

    /// <summary>Of the judge's tokens; null where none is known.</summary>
    [JsonIgnore]
    public abstract TokenPrice? Price { get; }

    private sealed class Json() : VariantJson<JudgeDefinition>("a judge", json => (string?)json["kind"] switch
    {
        RewardModelJudgeDefinition.KindName => typeof(RewardModelJudgeDefinition),
        GoldJudgeDefinition.KindName => typeof(GoldJudgeDefinition),
        _ => typeof(ChatJudgeDefinition),
    });
}

/// <summary>The true reward of the synthetic world.</summary>
/// <param name="WorldSeed">Of the world whose posts the prompts are.</param>
public sealed record GoldJudgeDefinition(ulong WorldSeed) : JudgeDefinition
{
    public const string KindName = "gold";

    [JsonPropertyOrder(-1)]
    public string Kind => KindName;

    public override string Called => KindName;

    public override TokenPrice? Price => new TokenPrice(0, 0);
}

/// <summary>A reward model: the response that it scores higher wins. Costs nothing and has no position to be biased by.</summary>
/// <param name="From">Its folder, or that of a run of <c>goodhart reward</c>.</param>
public sealed record RewardModelJudgeDefinition(StudyPath From) : JudgeDefinition
{
    public const string KindName = "reward-model";

    [JsonPropertyOrder(-1)]
    public string Kind => KindName;

    public override string Called => $"{KindName} {From.Text}";

    public override TokenPrice? Price => new TokenPrice(0, 0);
}

/// <summary>A model behind an endpoint: as the options of <c>evaluate --judge</c>. Names where the key is, never the key.</summary>
public sealed record ChatJudgeDefinition : JudgeDefinition
{
    /// <summary><c>openai</c> or <c>paper</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>As the endpoint names it.</summary>
    public required string Model { get; init; }

    /// <summary>The endpoint with its <c>/v1</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The name that replies carry, where it is another one.</summary>
    public string? ServedAs { get; init; }

    /// <summary>
    /// Environment variable with the key; null without <see cref="KeyFile"/>: OPENAI_API_KEY for OpenAI's own address, none for others.
    /// </summary>
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

    public override string Called => Model;

    public override TokenPrice? Price => (PriceIn, PriceOut) is ({ } read, { } written) ? new TokenPrice(read, written) : null;
}
