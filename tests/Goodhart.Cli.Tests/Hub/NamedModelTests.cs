using Goodhart.Hub.Names;
using Goodhart.Testing.Hub;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Cli.Tests.Hub;

/// <summary>
/// Names of the hub where verbs take a model's folder. In processes of their own: the cache is where the environment says.
/// </summary>
public sealed class NamedModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string?> environment;
    private readonly string snapshot;

    public NamedModelTests()
    {
        string home = folder.Path("home");
        snapshot = CachedRepository.Write(
            Path.Combine(home, "hub"), HubName.Parse("someone/tiny-1.0@v1", RepoKind.Model), SmallModels.World(folder, "source"));
        environment = new Dictionary<string, string?> { ["HF_HOME"] = home, ["HF_HUB_CACHE"] = null, ["HUGGINGFACE_HUB_CACHE"] = null };
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Verbs_find_the_folder_in_the_cache()
    {
        string rows = folder.Write("rows.jsonl", $"{{\"prompt\":\"{Word(9)}\",\"response\":\"{Word(10)}\"}}\n");
        CommandRun named = await ProgramRun.Of(environment, "score", "someone/tiny-1.0@v1", "--data", rows, "--threads", "1");
        CommandRun placed = await ProgramRun.Of(environment, "score", snapshot, "--data", rows, "--threads", "1");
        Assert.Equal((ExitCode.Done, placed.Output), (named.Code, named.Output));
        Assert.Contains("logProb", named.Output, StringComparison.Ordinal);
        CommandRun compared = await ProgramRun.Of(
            environment, "average", "someone/tiny-1.0@v1", $"someone/tiny-1.0@{CachedRepository.Commit}", "--out", folder.Path("average"));
        Assert.Equal((ExitCode.Done, ""), (compared.Code, compared.Error));
        Assert.Equal(2, compared.Output.Split(snapshot).Length - 1);
    }

    [Fact]
    public async Task What_is_not_there_is_told_with_the_command_that_fetches_it()
    {
        string rows = folder.Write("rows.jsonl", "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}\n");
        CommandRun run = await ProgramRun.Of(environment, "align", "someone/tiny-1.0", rows, "--out", folder.Path("out"));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Equal(
            $"error: no model folder someone/tiny-1.0, and no model of that name in the hub's cache ({folder.Path("home/hub")}).\n"
            + "Nothing is downloaded unasked. If it is a name of the hub, fetch it with\n  goodhart pull someone/tiny-1.0\n",
            run.Error);
        Assert.False(Path.Exists(folder.Path("out")));

        File.Delete(Path.Combine(snapshot, "config.json"));
        run = await ProgramRun.Of(environment, "sft", "someone/tiny-1.0@v1", rows, "--out", folder.Path("out"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.EndsWith(
            $"fetch the rest with\n  goodhart pull someone/tiny-1.0@{CachedRepository.Commit}\n", run.Error, StringComparison.Ordinal);
    }

    private static string Word(int id) => TldrWorld.Tokenizer.Decode([id]);
}
