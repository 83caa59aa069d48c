using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.Cli.Parsing;
using Goodhart.Engine;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Steps.Judging;

namespace Goodhart.Cli.Judging;

/// <summary>Which judge, and how much it may cost.</summary>
internal sealed class JudgeOptions
{
    private const string Gold = "gold";
    private const string Reward = "reward";
    private const string OpenAi = "openai";
    private const string Paper = PaperJudge.Name;

    private readonly bool plans;
    private readonly Option<string?> judge;
    private readonly Option<string?> model = TextOption.OrNone("--judge-model", "NAME", "The judge's name at its endpoint.");
    private readonly Option<string> baseUrl = TextOption.Of(
        "--base-url", "URL", ChatEndpoint.OpenAi.AbsoluteUri,
        "The endpoint, with its /v1: OpenAI, vLLM, Ollama (http://localhost:11434/v1), llama.cpp's server.");

    private readonly Option<string?> servedAs = TextOption.OrNone(
        "--served-as", "NAME", "The name that replies carry, where it is another one.");
    private readonly Option<string?> keyVariable = TextOption.OrNone(
        "--key-env", "NAME", "Environment variable with the key. Default: OPENAI_API_KEY for OpenAI's own address, none for any other.");

    private readonly Option<string?> keyFile = TextOption.OrNone("--key-file", "FILE", "File with the key.");
    private readonly Option<string> template = TextOption.Of(
        "--template", "NAME|FILE", JudgeTemplates.Tldr.Name,
        $"What the judge is told: {string.Join(", ", JudgeTemplates.All.Select(shipped => shipped.Name))}, or a file with "
            + "{{prompt}}, {{first}}, {{second}} and {{answer}}.");

    private readonly Option<PositionOrders> orders = ChoiceOption.Of(
        "--orders", PositionOrders.Random, "random: one order per pair, drawn by seed and prompt. both: twice the calls.");

    private readonly Option<string?> request = TextOption.OrNone(
        "--request", "JSON",
        "Further fields of each request as a JSON object; null removes one: {\"max_tokens\":null,\"max_completion_tokens\":400}.");

    private readonly Option<int> replyTokens = NumberOption.Whole("--reply-tokens", 1, 256, "Longest reply (max_tokens).");
    private readonly Option<int> concurrency = NumberOption.Of(
        "--concurrency", NumberRule.Whole(1, 4096, 16), 16, "Requests under way at once.");
    private readonly Option<double> timeout = NumberOption.Of(
        "--request-timeout", NumberRule.Between(0, 1e5, 120), 120, "Seconds for one request, to the end of its reply.");
    private readonly Option<int> retries = NumberOption.Whole(
        "--retries", 0, 6, "Further tries after 429, 5xx, a time-out or a dropped connection.");
    private readonly Option<int?> maxCalls = NumberOption.WholeOrNone(
        "--max-calls", 1, "Budget in requests, those that stored replies took counted.");
    private readonly Option<double?> maxCost = Money("--max-cost", "Budget in US dollars, what stored replies cost counted.");
    private readonly Option<double?> priceIn = Money("--price-in", "US dollars per million tokens read.");
    private readonly Option<double?> priceOut = Money("--price-out", "US dollars per million tokens written.");
    private readonly Option<ulong> worldSeed = NumberOption.Of(
        "--world-seed", NumberRule.Seed, 0UL, "gold: the seed of the world that the prompts come from.");
    private readonly Option<string?> rewardModel = TextOption.OrNone(
        "--reward-model", "FOLDER", "reward: the reward model's folder.").AcceptHubNameOrNone();
    private readonly Option<bool> plan = TextOption.Flag("--judge-plan", "Say what the judge would be asked and would cost; ask nothing.");

    /// <param name="plans">Whether what would be asked is known beforehand, so that --judge-plan can count it.</param>
    public JudgeOptions(bool required, bool plans = true)
    {
        this.plans = plans;
        judge = new Option<string?>("--judge")
        {
            Description =
                $"{Gold}: the synthetic world's true reward; {Reward}: a reward model; {OpenAi}: any OpenAI-compatible endpoint; {Paper}: "
                    + $"{PaperJudge.Model}, as in the paper.",
            HelpName = $"{Gold}|{Reward}|{OpenAi}|{Paper}",
            Required = required,
        }.AcceptOnlyFromAmong(Gold, Reward, OpenAi, Paper);
    }

    public IReadOnlyList<Option> All =>
    [
        judge, model, baseUrl, servedAs, keyVariable, keyFile, template, orders, request, replyTokens, concurrency, timeout, retries,
        maxCalls, maxCost,
        priceIn, priceOut, worldSeed, rewardModel, .. plans ? (Option[])[plan] : [],
    ];

    public bool IsPlan(ParseResult parse) => plans && parse.GetValue(plan);

    /// <summary>Null where none is asked for.</summary>
    /// <param name="seed">Of the order in which responses are shown.</param>
    /// <param name="createDevice">Makes what a reward model runs on.</param>
    /// <param name="note">Told of a reward model, as <see cref="Models.ModelFolder.Open"/> has it.</param>
    /// <exception cref="InvalidDataException">No key, a bad address, template or request.</exception>
    public JudgeChoice? Of(ParseResult parse, ulong seed, Func<IDevice> createDevice, Action<string>? note) => parse.GetValue(judge) switch
    {
        null when Stray(parse) is { } stray => throw new InvalidDataException($"{stray} belongs to --judge, which is not given."),
        null => null,
        Gold when Stray(parse, worldSeed) is { } stray =>
            throw new InvalidDataException($"{stray} is for an endpoint; --judge {Gold} does not use it."),
        Gold => new GoldJudgeChoice(parse.GetValue(worldSeed)),
        Reward when Stray(parse, rewardModel) is { } stray => throw new InvalidDataException($"{stray}: --judge {Reward} does not use it."),
        Reward => new RewardJudgeChoice(
            parse.GetValue(rewardModel) ?? throw new InvalidDataException($"--judge {Reward} needs --reward-model: the folder of one "
                + "that `goodhart reward` or another tool made."),
            createDevice,
            note),
        _ when parse.GetResult(rewardModel) is { Implicit: false } => throw new InvalidDataException($"{rewardModel.Name} is for --judge "
            + $"{Reward}."),
        string name => new ChatJudgeChoice(new ChatJudgeOptions(
            Endpoint(parse, name), JudgeTemplates.Named(parse.GetValue(template)!, template.Name), parse.GetValue(orders), seed,
            new JudgeLimits(parse.GetValue(maxCalls), parse.GetValue(maxCost)),
            Price(parse, name))),
    };

    private ChatEndpoint Endpoint(ParseResult parse, string name)
    {
        Uri url = ChatEndpoint.ParseUrl(parse.GetValue(baseUrl)!);
        string served = parse.GetValue(model) ?? (name == Paper
            ? PaperJudge.Model
            : throw new InvalidDataException($"--judge {OpenAi} needs --judge-model: the judge's name at {url}."));
        return new ChatEndpoint(url, served)
        {
            Key = Key(parse, url),
            ServedAs = parse.GetValue(servedAs),
            ReplyTokens = parse.GetValue(replyTokens),
            Request = Request(parse),
            Concurrency = parse.GetValue(concurrency),
            Timeout = TimeSpan.FromSeconds(parse.GetValue(timeout)),
            Retries = parse.GetValue(retries),
        };
    }

    private ApiKey Key(ParseResult parse, Uri url)
    {
        (string? file, string? variable) = (parse.GetValue(keyFile), parse.GetValue(keyVariable));
        return IsPlan(parse) ? ApiKey.None
            : file is not null && variable is not null ? throw new InvalidDataException("--key-file and --key-env: give one.")
            : ApiKey.For(url, file, variable);
    }

    private JsonObject? Request(ParseResult parse)
    {
        if (parse.GetValue(request) is not { } text)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new JsonException("it is JSON of another kind");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"--request: expected a JSON object such as {{\"temperature\":1}}; {fault.Message}", fault);
        }
    }

    private TokenPrice? Price(ParseResult parse, string name) => (parse.GetValue(priceIn), parse.GetValue(priceOut)) switch
    {
        ({ } read, { } written) => new TokenPrice(read, written),
        (null, null) => name == Paper && parse.GetValue(model) is null ? PaperJudge.Price : null,
        _ => throw new InvalidDataException("--price-in and --price-out belong together."),
    };

    /// <summary>An option of a judge's that was given though nothing reads it.</summary>
    /// <param name="read">The option that the judge does read, besides --judge-plan; null for no judge at all.</param>
    private string? Stray(ParseResult parse, Option? read = null) =>
        All.FirstOrDefault(
            option => option != judge && option != read && (read is null || option != plan)
                && parse.GetResult(option) is { Implicit: false })?.Name;

    private static Option<double?> Money(string name, string what)
    {
        Option<double?> option = NumberOption.OrNone(name, NumberRule.Dollars(20), what);
        option.HelpName = "USD";
        return option;
    }
}
