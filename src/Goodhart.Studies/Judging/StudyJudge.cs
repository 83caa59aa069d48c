using System.Text.Json.Nodes;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Judging;

/// <summary>
/// A study's chat judge, shared by its steps. Replies are kept in <c>replies.jsonl</c> of the study's folder. One checkpoint is judged at a
/// time, so that concurrency and budgets are the whole study's.
/// </summary>
public sealed class StudyJudge : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly ChatJudgeOptions options;
    private readonly StoredReplies replies;

    private StudyJudge(ChatJudgeOptions options, StoredReplies replies) => (this.options, this.replies) = (options, replies);

    /// <summary>
    /// Reads the key and opens the replies; before the first step, so that hours of training do not end at a missing key.
    /// </summary>
    /// <param name="seed">Of the order in which responses are shown.</param>
    /// <param name="directory">The study's.</param>
    /// <exception cref="InvalidDataException">No key, or another process judges into the folder.</exception>
    public static StudyJudge Open(ChatJudgeDefinition definition, ulong seed, string directory)
    {
        ChatJudgeOptions options = Options(definition, seed, Key(definition));
        return new StudyJudge(options, StoredReplies.Open(Path.Combine(directory, JudgeSession.RepliesFile)));
    }

    /// <inheritdoc cref="IJudge.JudgeAsync"/>
    public async Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress>? progress, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            JudgeForecast own = new ChatJudgeChoice(options).Create(replies).Forecast(pairs);
            return await new ChatJudgeChoice(options with { Limits = Left(own) }).Create(replies)
                .JudgeAsync(pairs, progress, cancel).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Closes the replies.</summary>
    public void Dispose()
    {
        replies.Dispose();
        turn.Dispose();
    }

    /// <exception cref="InvalidDataException">A damaged template.</exception>
    /// <exception cref="FileNotFoundException">No such template.</exception>
    internal static ChatJudgeOptions Options(ChatJudgeDefinition definition, ulong seed, ApiKey key) => new(
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

    /// <summary>
    /// What the other checkpoints have left of the study's budget; the checkpoint's own stored replies count in its own judging.
    /// </summary>
    private JudgeLimits Left(JudgeForecast own) => new(
        options.Limits.Calls is { } calls ? (int)Math.Max(0, calls - (replies.Attempts - own.PaidCalls)) : null,
        options.Limits.Cost is { } cost ? Math.Max(0, cost - (replies.Cost(options.Price!.Value) - (own.PaidCost ?? 0))) : null);

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
