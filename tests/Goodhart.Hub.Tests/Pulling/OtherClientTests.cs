using System.Diagnostics;
using System.Text.Json.Nodes;
using Goodhart.Hub.Names;
using Goodhart.Testing.Hub;
using Xunit;

namespace Goodhart.Hub.Tests.Pulling;

/// <summary>
/// The hub's own JavaScript client as judge of a cache, where <c>.ci/run</c> has fetched it into the folder that
/// <c>GOODHART_HUB_CLIENT</c> names; without that these tests say that they were skipped.
/// </summary>
public sealed class OtherClientTests : IDisposable
{
    private readonly PullFixture hub = new();

    public void Dispose() => hub.Dispose();

    [OtherClientFact]
    public async Task It_reads_what_was_pulled_here()
    {
        string client = Environment.GetEnvironmentVariable(OtherClientFactAttribute.Variable)!;
        HubRepository repository = hub.Server.Add(new HubRepository(RepoKind.Model, "someone/tiny"));
        string old = repository.Commit(PullFixture.Model());
        await hub.PullAsync("someone/tiny");
        string commit = repository.Commit(new Dictionary<string, byte[]>(PullFixture.Model()) { ["config.json"] = "{}"u8.ToArray() });
        await hub.PullAsync("someone/tiny");
        hub.Server.Add(new HubRepository(RepoKind.Dataset, "someone/rows"))
            .Commit(new Dictionary<string, string> { ["train.jsonl"] = "{}" }, "refs/pr/1");
        string data = (await hub.PullAsync("someone/rows@refs/pr/1", RepoKind.Dataset)).Snapshot.Commit;
        await hub.PullAsync($"someone/rows@{data}", RepoKind.Dataset);

        JsonNode seen = await RunAsync(client, "console.log(JSON.stringify(await hub.scanCacheDir(process.argv[2])))");
        Assert.Empty(seen["warnings"]!.AsArray());
        Assert.Equal(
            ["dataset someone/rows", "model someone/tiny"],
            seen["repos"]!.AsArray().Select(found => $"{found!["id"]!["type"]} {found["id"]!["name"]}").Order(StringComparer.Ordinal));
        JsonArray revisions = seen["repos"]!.AsArray().Single(found => (string?)found!["id"]!["type"] == "model")!["revisions"]!.AsArray();

        // It counts files at the top only: four of five.
        Assert.Equal(
            new[] { $"{commit} main 4", $"{old}  4" }.Order(StringComparer.Ordinal),
            revisions.Select(found =>
                    $"{found!["commitOid"]} {string.Join(',', found["refs"]!.AsArray())} {found["files"]!.AsArray().Count}")
                .Order(StringComparer.Ordinal));
    }

    private async Task<JsonNode> RunAsync(string client, string script)
    {
        string file = Path.Combine(client, $"judge-{Guid.NewGuid():N}.mjs");
        await File.WriteAllTextAsync(file, $"import * as hub from '@huggingface/hub';\n{script}\n");
        ProcessStartInfo start = new("node", [file, hub.Settings.CacheFolder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process node = Process.Start(start)!;
        Task<string> error = node.StandardError.ReadToEndAsync();
        string text = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        File.Delete(file);
        Assert.True(node.ExitCode == 0, await error);
        return JsonNode.Parse(text) ?? new JsonObject();
    }
}

/// <summary>A test that needs the other client, and says that it was skipped where it is not there.</summary>
internal sealed class OtherClientFactAttribute : FactAttribute
{
    public const string Variable = "GOODHART_HUB_CLIENT";

    public OtherClientFactAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            Skip = $"{Variable} names no folder with the hub's JavaScript client; .ci/run sets it.";
        }
    }
}
