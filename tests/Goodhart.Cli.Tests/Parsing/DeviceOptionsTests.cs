using Xunit;

namespace Goodhart.Cli.Tests.Parsing;

/// <summary>Every verb that computes is told on what, in one way.</summary>
public sealed class DeviceOptionsTests
{
    private static readonly string[] Computing =
    [
        "align", "bench", "evaluate", "kl", "ppo", "reward", "sample", "score", "sft", "softq", "study", "tree", "verify", "winrate",
    ];

    [Fact]
    public void Every_verb_that_computes_has_the_options() =>
        Assert.Equal(
            Computing, (string[])[.. CommandTree.Verbs.Where(verb => Names(verb).Contains("--device")).Order(StringComparer.Ordinal)]);

    [Fact]
    public void Threads_come_with_a_device() =>
        Assert.Equal(
            Computing, (string[])[.. CommandTree.Verbs.Where(verb => Names(verb).Contains("--threads")).Order(StringComparer.Ordinal)]);

    [Theory]
    [InlineData("mps")]
    [InlineData("CPU")]
    [InlineData("gpu")]
    public async Task A_device_that_is_not_there_is_refused_by_name(string name)
    {
        CommandRun run = await CommandRun.Of("tree", "--device", name);
        Assert.Equal(2, run.Code);
        Assert.Contains($"--device: expected cpu, found '{name}'.", run.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(string verb) => CommandTree.OptionsOf(verb).Select(option => option.Name);
}
