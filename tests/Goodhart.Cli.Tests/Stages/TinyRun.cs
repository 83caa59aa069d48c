using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>A tiny model, the world's data, and an SFT and a DPO run on them, made once for all tests of the stages.</summary>
public sealed class TinyRun : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder folder = new();

    internal static string[] Update { get; } =
        ["--batch-size", "2", "--warmup-steps", "2", "--learning-rate", "1e-3", "--max-tokens", "200", "--threads", "2", "--quiet"];

    internal string Root => folder.Root;

    internal string Model => folder.Path("tiny");

    internal string Sft => folder.Path("sft");

    internal string Dpo => folder.Path("dpo");

    internal string Data(string name) => folder.Path($"world/{name}.jsonl");

    internal string Fresh(string name) => folder.Path(name);

    internal Task<CommandRun> AlignAsync(string name, params string[] more) =>
        CommandRun.Of(["align", $"{Sft}/model", Data("preferences"), "--out", folder.Path(name), .. Update, .. more]);

    public async Task InitializeAsync()
    {
        await Must(
            "world", "export", "--out", folder.Path("world"), "--sft", "9", "--pairs", "8", "--held-out-pairs", "4", "--prompts", "3");
        await Must(
            "init",
            "--out",
            Model,
            "--tokenizer",
            folder.Path("world"),
            "--hidden-size",
            "16",
            "--layers",
            "2",
            "--heads",
            "2",
            "--max-positions",
            "256");
        await Must(["sft", Model, Data("sft"), "--out", Sft, .. Update, "--epochs", "2"]);
        CommandRun run = await AlignAsync("dpo", "--held-out", Data("heldout-preferences"), "--checkpoints", "0.5,1");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    private static async Task Must(params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
    }
}
