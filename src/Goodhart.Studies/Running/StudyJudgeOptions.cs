using System.Text.Json.Nodes;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>A study file's chat judge as the options of one.</summary>
internal static class StudyJudgeOptions
{
    /// <summary>With the key, which is read here: hours of training do not end at a missing one.</summary>
    /// <param name="seed">Of the order in which responses are shown.</param>
    /// <exception cref="InvalidDataException">No key, or a damaged template.</exception>
    public static ChatJudgeOptions WithKey(ChatJudgeDefinition definition, ulong seed) => Of(
        definition, seed, ApiKey.For(new Uri(definition.Url), definition.KeyFile, definition.KeyEnv));

    /// <exception cref="InvalidDataException">A damaged template.</exception>
    /// <exception cref="FileNotFoundException">No such template.</exception>
    public static ChatJudgeOptions Of(ChatJudgeDefinition definition, ulong seed, ApiKey key) => new(
        new ChatEndpoint(ChatEndpoint.ParseUrl(definition.Url), definition.Model)
        {
            Key = key,
            ServedAs = definition.ServedAs,
            ReplyTokens = definition.ReplyTokens,
            Request = definition.Request is { } request ? (JsonObject)JsonNode.Parse(request)! : null,
            Concurrency = definition.Concurrency,
            Timeout = TimeSpan.FromSeconds(definition.RequestTimeout),
            Retries = definition.Retries,
        },
        JudgeTemplates.Named(definition.Template, "judge.template"),
        definition.Orders,
        seed,
        new JudgeLimits(definition.MaxCalls, definition.MaxCost),
        definition.Price);
}
