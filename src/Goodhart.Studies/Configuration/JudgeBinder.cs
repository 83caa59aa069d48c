using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Steps.Judging;

namespace Goodhart.Studies.Configuration;

/// <summary>The key <c>judge</c>.</summary>
internal static class JudgeBinder
{
    private const string OpenAi = "openai";

    private static readonly string[] Kinds = [OpenAi, PaperJudge.Name, RewardModelJudgeDefinition.KindName, GoldJudgeDefinition.KindName];

    /// <param name="worldSeed">Of the study's own world; null: a study of data, which has to name one for the gold judge.</param>
    public static JudgeDefinition Bind(MappingReader judge, ulong? worldSeed)
    {
        string kind = judge.Read("kind", ValueRule.OneOf(Kinds), OpenAi);
        return kind switch
        {
            RewardModelJudgeDefinition.KindName => new RewardModelJudgeDefinition(judge.Path("from")),
            GoldJudgeDefinition.KindName => new GoldJudgeDefinition(worldSeed ?? judge.Read("worldSeed", ValueRule.Seed, 0UL)),
            _ => Chat(judge, kind),
        };
    }

    private static ChatJudgeDefinition Chat(MappingReader judge, string kind)
    {
        bool isPaper = kind == PaperJudge.Name;
        bool named = judge.Has("model");
        bool priced = judge.Has("priceIn") | judge.Has("priceOut");
        TokenPrice? listed = isPaper && !named && !priced ? PaperJudge.Price : null;
        ChatJudgeDefinition bound = new()
        {
            Kind = kind,
            Model = isPaper && !named ? PaperJudge.Model : judge.Read("model", ValueRule.AnyText, ""),
            Url = judge.Has("url") ? judge.Read("url", ValueRule.AnyText, "") : ChatEndpoint.OpenAi.AbsoluteUri,
            ServedAs = Text("servedAs"),
            KeyEnv = Text("keyEnv"),
            KeyFile = Text("keyFile"),
            Template = Text("template") ?? JudgeTemplates.Tldr.Name,
            Orders = judge.Has("orders") ? EnumNames<PositionOrders>.Read(judge, "orders") : PositionOrders.Random,
            Request = Text("request"),
            ReplyTokens = Whole("replyTokens", 1) ?? 256,
            Concurrency = Whole("concurrency", 1) ?? 16,
            RequestTimeout = judge.Has("requestTimeout") ? judge.Read("requestTimeout", ValueRule.AboveZero, 1) : 120,
            Retries = Whole("retries", 0) ?? 6,
            MaxCalls = Whole("maxCalls", 1),
            MaxCost = Money("maxCost"),
            PriceIn = priced ? judge.Read("priceIn", ValueRule.AtLeastZero, 0) : listed?.Input,
            PriceOut = priced ? judge.Read("priceOut", ValueRule.AtLeastZero, 0) : listed?.Output,
        };
        Check(judge, bound);
        return bound;

        string? Text(string key) => judge.Has(key) ? judge.Read(key, ValueRule.AnyText, "") : null;
        int? Whole(string key, int min) => judge.Has(key) ? judge.Whole(key, min) : null;
        double? Money(string key) => judge.Has(key) ? judge.Read(key, ValueRule.AtLeastZero, 0) : null;
    }

    private static void Check(MappingReader judge, ChatJudgeDefinition bound)
    {
        // What was found is not repeated: an address may hold a password.
        judge.Require(
            IsAddress(bound.Url), "url",
            "expected an address such as http://localhost:8000/v1 (http or https) without credentials, query or fragment; the key is "
                + "named by keyEnv or keyFile.");
        judge.Require(bound.KeyEnv is null || bound.KeyFile is null, "keyFile", "keyEnv is given already; leave one of the two out.");
        judge.Require(
            bound.Request is null || IsObject(bound.Request), "request", "expected a JSON object as text, such as '{\"temperature\":1}'.");
        judge.Require(
            bound.MaxCost is null || bound.Price is not null, "maxCost",
            "a budget in money needs the judge's price: priceIn and priceOut, in dollars per million tokens.");
    }

    private static bool IsAddress(string text)
    {
        try
        {
            _ = ChatEndpoint.ParseUrl(text);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool IsObject(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
