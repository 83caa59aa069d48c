using System.CommandLine;
using Goodhart.Cli.Devices;
using Xunit;

namespace Goodhart.Cli.Tests.Parsing;

/// <summary>Every verb that computes is told on what, in one way.</summary>
public sealed class DeviceOptionsTests
{
    private static readonly string[] Computing =
    [
        "align", "bench", "data filter", "evaluate", "kl", "ppo", "reward", "sample", "score", "sft", "softq", "step", "study", "tree", "verify",
        "winrate",
    ];

    [Theory]
    [InlineData("--libtorch", "x")]
    [InlineData("--precision", "bf16")]
    public async Task A_device_that_is_given_twice_is_refused_beside_options_that_depend_on_it(params string[] args)
    {
        CommandRun run = await CommandRun.Of(["tree", .. args, "--device", "torch", "--device", "cpu"]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("Option '--device' expects a single argument but 2 were provided", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_that_computes_has_the_options() =>
        Assert.Equal(
            Computing, (string[])[.. CommandTree.Verbs.Where(verb => Names(verb).Contains("--device")).Order(StringComparer.Ordinal)]);

    [Fact]
    public void So_has_it_the_precision() =>
        Assert.Equal(
            Computing, (string[])[.. CommandTree.Verbs.Where(verb => Names(verb).Contains("--precision")).Order(StringComparer.Ordinal)]);

    [Fact]
    public async Task The_cpu_device_refuses_another_precision()
    {
        CommandRun run = await CommandRun.Of("tree", "--precision", "bf16");
        Assert.Equal(2, run.Code);
        Assert.Contains("--precision bf16 is for --device torch or cuda; cpu computes in f32.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_precision_that_is_not_there_is_refused_by_name()
    {
        CommandRun run = await CommandRun.Of("tree", "--device", "torch", "--precision", "fp16");
        Assert.Equal(2, run.Code);
        Assert.Contains("--precision: expected f32 or bf16, found 'fp16'. Example: --precision bf16", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_computes_the_same_is_given_every_option()
    {
        string[] given = ["--device", "torch", "--libtorch", Path.GetTempPath(), "--precision", "bf16", "--threads", "3"];
        DeviceOptions options = new();
        Command command = new("any");
        Array.ForEach<Option>([.. options.All], command.Options.Add);
        ParseResult parse = command.Parse(given);
        Assert.Empty(parse.Errors);

        string[] again = [.. options.Arguments(parse, 3)];

        Assert.Equal(
            options.All.Select(option => option.Name).Order(StringComparer.Ordinal),
            again.Where(part => part.StartsWith("--", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(again, options.Arguments(command.Parse(again), 3));
        Assert.Equal(["torch", "bf16", "3"], again.Where(part => part is "torch" or "bf16" or "3"));
    }

    [Fact]
    public void Threads_come_with_a_device() =>
        Assert.Equal(
            Computing, (string[])[.. CommandTree.Verbs.Where(verb => Names(verb).Contains("--threads")).Order(StringComparer.Ordinal)]);

    [Theory]
    [InlineData("mps")]
    [InlineData("CPU")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    public async Task A_device_that_is_not_there_is_refused_by_name(string name)
    {
        CommandRun run = await CommandRun.Of("tree", "--device", name);
        Assert.Equal(2, run.Code);
        Assert.Contains(
            $"--device: expected cpu, torch (libtorch's CPU), cuda or cuda:0, cuda:1 and so on, found '{name}'.",
            run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_the_library_is_refused_with_what_was_looked_for()
    {
        using TemporaryFolder folder = new();
        CommandRun run = await CommandRun.Of("tree", "--device", "torch", "--libtorch", folder.Path("empty"), "--out", folder.Path("tree"));
        Assert.Equal(2, run.Code);
        Assert.Contains($"--libtorch {folder.Path("empty")}: expected a folder with ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_library_of_another_device_is_refused()
    {
        CommandRun run = await CommandRun.Of("tree", "--libtorch", "somewhere");
        Assert.Equal(2, run.Code);
        Assert.Contains("--libtorch is for --device torch or cuda", run.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(string verb) => CommandTree.OptionsOf(verb).Select(option => option.Name);
}
