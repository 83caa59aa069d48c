using System.Text;
using Goodhart.Hub.Cache;
using Goodhart.Hub.Names;
using Goodhart.Hub.Pulling;
using Goodhart.Hub.Requests;
using Goodhart.Testing.Hub;
using Xunit;

namespace Goodhart.Hub.Tests.Pulling;

/// <summary>What a pull leaves in the cache, and what it asks for.</summary>
public sealed class PullTests : IDisposable
{
    private readonly PullFixture hub = new();

    public void Dispose() => hub.Dispose();

    [Fact]
    public async Task A_model_is_laid_out_as_the_hubs_own_client_does_it()
    {
        Dictionary<string, byte[]> files = PullFixture.Model();
        string commit = hub.Server.Add(new HubRepository(RepoKind.Model, "someone/tiny")).Commit(files);
        PullResult result = await hub.PullAsync("someone/tiny");
        string Blob(string path) => HubRepository.HashOf(path, files[path]);
        string[] wanted = ["LICENSE", "additional_chat_templates/tool_use.jinja", "config.json", "model.safetensors", "tokenizer.json"];
        string[] expected =
        [
            "CACHEDIR.TAG",
            .. wanted.Select(path => $"models--someone--tiny/blobs/{Blob(path)}").Distinct(),
            "models--someone--tiny/refs/main",
            $"models--someone--tiny/.pulled/{commit}.json",
            .. wanted.Select(
                path =>
                    $"models--someone--tiny/snapshots/{commit}/{path} -> "
                        + $"{(path.Contains('/', StringComparison.Ordinal) ? "../" : "")}../../blobs/{Blob(path)}"),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), hub.Cache());
        Assert.Equal(commit, File.ReadAllText(hub.InCache("models--someone--tiny", "refs", "main")));
        Assert.StartsWith(
            "Signature: 8a477f597d28d172789f06886806bc55", File.ReadAllText(hub.InCache("CACHEDIR.TAG")), StringComparison.Ordinal);
        Assert.All(wanted, path => Assert.Equal(files[path], File.ReadAllBytes(Path.Combine(result.Snapshot.Path, path))));
        Assert.Equal((5, 5, wanted.Sum(path => files[path].Length)), (result.Files, result.Fetched, result.Bytes));
        Assert.Equal(result.Snapshot.Path, CachedNames.Model("someone/tiny", hub.Settings));
        Assert.All(hub.Server.Requests, request => Assert.Equal("goodhart/test", request.Headers["user-agent"]));
    }

    [Fact]
    public async Task A_second_pull_fetches_nothing_and_a_new_commit_only_what_is_new()
    {
        HubRepository repository = hub.Server.Add(new HubRepository(RepoKind.Model, "someone/tiny"));
        Dictionary<string, byte[]> files = PullFixture.Model();
        string old = repository.Commit(files);
        await hub.PullAsync("someone/tiny");
        hub.Server.Forget();
        Assert.Equal(0, (await hub.PullAsync("someone/tiny")).Fetched);
        Assert.Empty(hub.Downloads);

        // A commit never changes: once it is there, nothing is asked. What is missing is.
        hub.Server.Forget();
        PullResult warm = await hub.PullAsync($"someone/tiny@{old}");
        Assert.Equal((old, 5, 0), (warm.Snapshot.Commit, warm.Files, warm.Fetched));
        Assert.Empty(hub.Server.Requests);
        File.Delete(Path.Combine(warm.Snapshot.Path, "config.json"));
        File.Delete(Path.Combine(warm.Snapshot.Path, PullFixture.Weights));
        await hub.PullAsync($"someone/tiny@{old}");
        Assert.NotEmpty(hub.Server.Requests);
        Assert.Equal(files[PullFixture.Weights], File.ReadAllBytes(Path.Combine(warm.Snapshot.Path, PullFixture.Weights)));
        hub.Server.Forget();

        files["config.json"] = "{\"new\": 1}"u8.ToArray();
        string commit = repository.Commit(files);
        PullResult moved = await hub.PullAsync("someone/tiny");
        Assert.Equal((commit, 1), (moved.Snapshot.Commit, moved.Fetched));
        Assert.Single(hub.Downloads);
        Assert.Equal(moved.Snapshot.Path, CachedNames.Model("someone/tiny", hub.Settings));
        Assert.Equal(files[PullFixture.Weights], File.ReadAllBytes(Path.Combine(moved.Snapshot.Path, PullFixture.Weights)));
        Assert.EndsWith(old, CachedNames.Model($"someone/tiny@{old}", hub.Settings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_files_are_of_one_commit_though_the_branch_moves()
    {
        HubRepository repository = hub.Server.Add(new HubRepository(RepoKind.Model, "someone/tiny"));
        Dictionary<string, byte[]> files = PullFixture.Model();
        string first = repository.Commit(files);
        hub.Server.Change = (request, answer) =>
        {
            if (request.Path.Contains("/tree/", StringComparison.Ordinal))
            {
                repository.Commit(new Dictionary<string, byte[]>(files) { [PullFixture.Weights] = [1, 2, 3] });
            }

            return answer;
        };
        PullResult result = await hub.PullAsync("someone/tiny");
        Assert.Equal(first, result.Snapshot.Commit);
        Assert.Equal(files[PullFixture.Weights], File.ReadAllBytes(Path.Combine(result.Snapshot.Path, PullFixture.Weights)));
    }

    [Theory]
    [InlineData("refs/pr/1")]
    [InlineData("v1.0")]
    public async Task Other_revisions_are_asked_for_as_one_part_of_the_address(string revision)
    {
        string commit = hub.Server.Add(new HubRepository(RepoKind.Model, "someone/tiny")).Commit(PullFixture.Model(), revision);
        PullResult result = await hub.PullAsync($"someone/tiny@{revision}");
        Assert.Equal(commit, File.ReadAllText(hub.InCache("models--someone--tiny", "refs", Path.Combine(revision.Split('/')))));
        Assert.Equal(
            $"/api/models/someone/tiny/revision/{revision.Replace("/", "%2F", StringComparison.Ordinal)}", hub.Server.Requests[0].Path);

        Directory.Delete(hub.InCache("models--someone--tiny"), recursive: true);
        Assert.Equal(result.Snapshot.Path, (await hub.PullAsync($"someone/tiny@{commit}")).Snapshot.Path);
        Assert.Empty(Directory.GetFileSystemEntries(hub.InCache("models--someone--tiny", "refs")));
    }

    [Fact]
    public async Task Weights_in_parts_come_by_their_index()
    {
        byte[] a = PullFixture.Bytes(100), b = PullFixture.Bytes(200);
        string index =
            "{\"weight_map\": {\"x\": \"model-00001-of-00002.safetensors\", \"y\": \"model-00002-of-00002.safetensors\", \"z\": "
                + "\"model-00001-of-00002.safetensors\"}}";
        Dictionary<string, byte[]> files = new()
        {
            ["config.json"] = [1],
            ["model-00001-of-00002.safetensors"] = a,
            ["model-00002-of-00002.safetensors"] = b,
            ["consolidated.safetensors"] = [9],
            ["model.fp16.safetensors"] = [8],
            ["model.safetensors.index.json"] = Encoding.UTF8.GetBytes(index),
        };
        HubRepository repository = hub.Server.Add(new HubRepository(RepoKind.Model, "someone/large"));
        repository.Commit(files);
        string snapshot = (await hub.PullAsync("someone/large")).Snapshot.Path;
        Assert.Equal(
            ["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json"],
            Directory.GetFiles(snapshot).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        files.Remove("model-00002-of-00002.safetensors");
        repository.Commit(files);
        HubRefusedException incomplete = await Assert.ThrowsAsync<HubRefusedException>(() => hub.PullAsync("someone/large"));
        Assert.Contains(
            "model.safetensors.index.json names model-00002-of-00002.safetensors, which the repository has not",
            incomplete.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData(PullFixture.Weights)]
    public async Task A_link_to_a_blob_that_is_gone_is_fetched_again(string path)
    {
        Dictionary<string, byte[]> files = PullFixture.Model();
        hub.Server.Add(new HubRepository(RepoKind.Model, "someone/tiny")).Commit(files);
        string snapshot = (await hub.PullAsync("someone/tiny")).Snapshot.Path;
        File.Delete(hub.InCache("models--someone--tiny", "blobs", HubRepository.HashOf(path, files[path])));
        Assert.Equal(1, (await hub.PullAsync("someone/tiny")).Fetched);
        Assert.Equal(files[path], File.ReadAllBytes(Path.Combine(snapshot, path)));
    }

    [Fact]
    public async Task A_renamed_repository_is_found_by_its_old_name()
    {
        string commit = hub.Server.Add(new HubRepository(RepoKind.Model, "new/name")).Commit(PullFixture.Model());
        hub.Server.Add(new HubRepository(RepoKind.Model, "old/name") { MovedTo = "new/name" });
        hub.Settings = hub.Settings with { GivenToken = HubTokens.Admitted };
        Assert.Equal(
            (commit, "old/name"),
            ((await hub.PullAsync("old/name")) is { } result ? (result.Snapshot.Commit, result.Snapshot.Name.Id) : default));
        Assert.True(Directory.Exists(hub.InCache("models--old--name")));
    }

    [Theory]
    [InlineData("pytorch_model.bin", "has no safetensors, only pytorch_model.bin: a pickle is a program, and is never fetched")]
    [InlineData("tokenizer.json", "it is no model that can be read here")]
    public async Task What_has_no_safetensors_is_refused_and_nothing_is_left(string only, string says)
    {
        hub.Server.Add(new HubRepository(RepoKind.Model, "someone/old"))
            .Commit(new Dictionary<string, byte[]> { ["config.json"] = [1], [only] = [2] });
        HubRefusedException refused = await Assert.ThrowsAsync<HubRefusedException>(() => hub.PullAsync("someone/old"));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Empty(hub.Cache());
    }

    [Fact]
    public async Task An_adapter_is_a_model_too()
    {
        hub.Server.Add(new HubRepository(RepoKind.Model, "someone/lora")).Commit(
            new Dictionary<string, byte[]>
            {
                ["adapter_config.json"] = [1],
                ["adapter_model.safetensors"] = [2],
                ["adapter_model.bin"] = [3],
            });
        string snapshot = (await hub.PullAsync("someone/lora")).Snapshot.Path;
        Assert.Equal(
            ["adapter_config.json", "adapter_model.safetensors"],
            Directory.GetFiles(snapshot).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("config.json model.safetensors", "adapter_config.json adapter_model.safetensors")]
    [InlineData(
        "config.json model-1.safetensors model.safetensors.index.json", "adapter_config.json adapter_model.safetensors")]
    [InlineData("config.json model.safetensors", "adapter_config.json")]
    [InlineData("adapter_config.json adapter_model.safetensors", "model.safetensors")]
    [InlineData("adapter_config.json adapter_model.safetensors config.json", "model.bin")]
    public async Task Of_a_model_and_an_adapter_in_one_place_one_comes(string wanted, string others)
    {
        byte[] Content(string path) => path == "model.safetensors.index.json"
            ? "{\"weight_map\": {\"x\": \"model-1.safetensors\"}}"u8.ToArray()
            : Encoding.UTF8.GetBytes(path);
        hub.Server.Add(new HubRepository(RepoKind.Model, "someone/both"))
            .Commit($"{wanted} {others}".Split(' ').ToDictionary(path => path, Content));
        string snapshot = (await hub.PullAsync("someone/both")).Snapshot.Path;
        Assert.Equal(
            wanted.Split(' ').Order(StringComparer.Ordinal),
            Directory.GetFiles(snapshot).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Where_there_are_no_links_files_are_in_the_snapshot()
    {
        HubRepository repository = hub.Server.Add(new HubRepository(RepoKind.Model, "someone/tiny"));
        Dictionary<string, byte[]> files = PullFixture.Model();
        repository.Commit(files);
        hub.Settings = hub.Settings with { WithoutLinks = true };
        PullResult result = await hub.PullAsync("someone/tiny");
        Assert.Empty(Directory.GetFiles(hub.InCache("models--someone--tiny", "blobs")));
        Assert.DoesNotContain(hub.Cache(), line => line.Contains("->", StringComparison.Ordinal));
        Assert.Equal(files[PullFixture.Weights], File.ReadAllBytes(Path.Combine(result.Snapshot.Path, PullFixture.Weights)));
        Assert.Equal(0, (await hub.PullAsync("someone/tiny")).Fetched);
    }

    [Fact]
    public async Task Too_little_room_is_seen_before_the_weights_come()
    {
        hub.Server.Add(new HubRepository(RepoKind.Model, "someone/tiny")).Commit(PullFixture.Model(5000));
        hub.FreeSpace = _ => 4999;
        IOException full = await Assert.ThrowsAsync<IOException>(() => hub.PullAsync("someone/tiny"));
        Assert.Contains("Make room, or set HF_HUB_CACHE", full.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hub.Downloads, request => request.Path.StartsWith("/xet/", StringComparison.Ordinal));
        Assert.False(Directory.Exists(hub.InCache("models--someone--tiny", "refs")));
        hub.FreeSpace = _ => 5000;
        await hub.PullAsync("someone/tiny");
    }
}
