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
    public static ChatJudgeOptions WithKey(ChatJudgeDefinition definition, ulong seed) => Of(definition, seed, Key(definition));

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
        Template(definition.Template),
        definition.Orders,
        seed,
        new JudgeLimits(definition.MaxCalls, definition.MaxCost),
        definition.Price);

    /// <summary>OpenAI's key goes to OpenAI alone, unless the user names it for another address.</summary>
    private static ApiKey Key(ChatJudgeDefinition definition) => (definition.KeyFile, definition.KeyEnv) switch
    {
        ({ } file, _) => ApiKey.FromFile(file),
        (_, { } variable) => ApiKey.FromEnvironment(variable),
        _ => ChatEndpoint.IsOpenAi(new Uri(definition.Url)) ? ApiKey.FromEnvironment("OPENAI_API_KEY") : ApiKey.None,
    };

    private static PromptTemplate Template(string name) =>
        JudgeTemplates.All.FirstOrDefault(shipped => shipped.Name == name)
        ?? (File.Exists(name)
            ? PromptTemplate.Parse(name, File.ReadAllText(name))
            : throw new FileNotFoundException(
                $"judge.template: no file {name}, and no shipped template of that name "
                    + $"({string.Join(", ", JudgeTemplates.All.Select(shipped => shipped.Name))})."));
}
