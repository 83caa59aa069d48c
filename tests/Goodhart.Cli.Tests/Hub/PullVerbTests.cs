using System.Text.Json.Nodes;
using Goodhart.Hub.Names;
using Goodhart.Testing.Hub;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Cli.Tests.Hub;

/// <summary><c>goodhart pull</c> in processes of its own, from a stand-in for the hub and from nothing else.</summary>
public sealed class PullVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly HubServer server = new();

    public void Dispose()
    {
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        folder.Dispose();
    }

    [Fact]
    public async Task A_model_is_known_by_its_name_once_it_is_pulled()
    {
        string commit = Add(server, "someone/tiny", HubAccess.Gated);
        string rows = folder.Write("rows.jsonl", $"{{\"prompt\":\"{Word(9)}\",\"response\":\"{Word(10)}\"}}\n");
        CommandRun before = await RunAsync(server, "score", "someone/tiny", "--data", rows);
        Assert.Equal(ExitCode.BadInput, before.Code);
        Assert.EndsWith("fetch it with\n  goodhart pull someone/tiny\n", before.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);

        CommandRun pulled = await RunAsync(server, "pull", "someone/tiny");
        Assert.Equal(ExitCode.Done, pulled.Code);
        Assert.Matches($"^someone/tiny: \\d+ files, [0-9.]+ kB, \\d+ fetched now\n.*{commit}\n$", pulled.Output);
        Assert.Contains($"commit {commit}: 1 file to fetch, ", pulled.Error, StringComparison.Ordinal);
        Assert.Contains("model.safetensors: ", pulled.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(HubTokens.Admitted, pulled.Output + pulled.Error, StringComparison.Ordinal);

        server.Forget();
        CommandRun scored = await RunAsync(server, "score", "someone/tiny", "--data", rows);
        Assert.Equal(ExitCode.Done, scored.Code);
        Assert.Empty(server.Requests);   // nothing is asked but by pull

        CommandRun again = await RunAsync(server, "pull", $"someone/tiny@{commit}", "--json", "--quiet");
        Assert.Equal((ExitCode.Done, ""), (again.Code, again.Error));
        Assert.Equal((commit, 0), ((string?)JsonNode.Parse(again.Output)!["commit"], (int?)JsonNode.Parse(again.Output)!["fetched"]));
    }

    [Fact]
    public async Task A_data_set_is_known_by_its_splits()
    {
        server.Add(new HubRepository(RepoKind.Dataset, "someone/pairs")).Commit(new Dictionary<string, string>
        {
            ["train.jsonl"] =
                "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}\n",
            ["test.jsonl"] = "{\"prompt\":\"d\",\"chosen\":\"e\",\"rejected\":\"f\"}\n",
        });
        CommandRun before = await RunAsync(server, "data", "inspect", "someone/pairs");
        Assert.Equal(ExitCode.BadInput, before.Code);
        Assert.Contains("\n  goodhart pull someone/pairs --dataset\n", before.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync(server, "pull", "someone/pairs", "--dataset")).Code);
        CommandRun inspected = await RunAsync(server, "data", "inspect", "someone/pairs:test", "--against", "someone/pairs", "--json");
        Assert.Equal(ExitCode.Done, inspected.Code);
        Assert.Contains("test.jsonl", inspected.Output, StringComparison.Ordinal);
        CommandRun unknown = await RunAsync(server, "data", "inspect", "someone/pairs:dev");
        Assert.Equal(ExitCode.BadInput, unknown.Code);
        Assert.StartsWith(
            "error: someone/pairs: expected one of its splits, someone/pairs:test, someone/pairs:train, found 'dev'.",
            unknown.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_through_the_proxy_of_the_environment()
    {
        await using HubServer behind = new(behindProxy: true);
        Add(behind, "someone/tiny", HubAccess.Public);
        CommandRun pulled = await RunAsync(
            behind, ["pull", "someone/tiny"], ("HTTP_PROXY", behind.Address), ("NO_PROXY", null), ("ALL_PROXY", null));
        Assert.Equal(ExitCode.Done, pulled.Code);
        Assert.Contains(behind.Requests, request => request.Host == "hub.test");
        Assert.Contains(behind.Requests, request => request.Host == "storage.test");
    }

    [Fact]
    public async Task What_goes_wrong_has_an_exit_code_of_its_kind()
    {
        Add(server, "someone/tiny", HubAccess.Gated);
        async Task Fails(int code, string says, string[] args, params (string Name, string? Value)[] environment)
        {
            CommandRun run = await RunAsync(server, args, environment);
            Assert.Equal((code, ""), (run.Code, run.Output));
            Assert.Contains(says, run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("hf_", run.Error, StringComparison.Ordinal);
        }

        await Fails(ExitCode.BadInput, "error: someone/tiny is gated: accept its terms at ", ["pull", "someone/tiny"], ("HF_TOKEN", null));
        await Fails(ExitCode.BadInput, "is not admitted", ["pull", "someone/tiny"], ("HF_TOKEN", HubTokens.Stranger));
        await Fails(ExitCode.BadInput, "refuses the token of HF_TOKEN", ["pull", "someone/tiny"], ("HF_TOKEN", "hf_other"));
        await Fails(ExitCode.BadInput, "HF_HUB_OFFLINE is set", ["pull", "someone/tiny"], ("HF_HUB_OFFLINE", "1"));
        await Fails(ExitCode.BadInput, "'some/thing/else' is no name of the hub", ["pull", "some/thing/else"]);
        await Fails(ExitCode.BadInput, "has no revision v2", ["pull", "someone/tiny@v2"]);
        server.Change = (request, answer) => request.Path.StartsWith("/xet/", StringComparison.Ordinal)
            ? answer with { Body = [.. answer.Body[..^1], (byte)~answer.Body[^1]] }
            : answer;
        await Fails(ExitCode.Failed, "model.safetensors: expected the hash ", ["pull", "someone/tiny", "--quiet"]);
    }

    private string Add(HubServer hub, string id, HubAccess access)
    {
        string source = SmallModels.World(folder, "source");
        return hub.Add(new HubRepository(RepoKind.Model, id) { Access = access }).Commit(
            Directory.GetFiles(source).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes));
    }

    private Task<CommandRun> RunAsync(HubServer hub, params string[] args) => RunAsync(hub, args, []);

    private Task<CommandRun> RunAsync(HubServer hub, string[] args, params (string Name, string? Value)[] more)
    {
        Dictionary<string, string?> environment = new()
        {
            ["HF_HOME"] = folder.Path("home"),
            ["HF_HUB_CACHE"] = null,
            ["HUGGINGFACE_HUB_CACHE"] = null,
            ["HF_ENDPOINT"] = hub.Endpoint,
            ["HF_TOKEN"] = HubTokens.Admitted,
            ["HF_HUB_OFFLINE"] = null,
            ["TRANSFORMERS_OFFLINE"] = null,
            ["NO_PROXY"] = "*",
        };
        foreach ((string name, string? value) in more)
        {
            environment[name] = value;
        }

        return ProgramRun.Of(environment, args);
    }

    private static string Word(int id) => TldrWorld.Tokenizer.Decode([id]);
}
