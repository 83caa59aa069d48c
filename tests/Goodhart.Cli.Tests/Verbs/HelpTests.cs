using System.CommandLine;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. Paths(GoodhartCommand.Create(), "")];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_help_shows_an_example(string command)
    {
        CommandRun run = await CommandRun.Of([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Matches(@"\nExamples?:\n  goodhart " + command, run.Output);
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= HelpWithExamples.Width, $"{line.Length} columns: {line}"));
    }

    [Fact]
    public void Every_example_is_understood()
    {
        RootCommand root = GoodhartCommand.Create();
        string[] examples = [.. Verbs(root).SelectMany(verb => verb.Examples)];
        Assert.NotEmpty(examples);
        Assert.All(
            examples,
            example => Assert.Empty(root.Parse([.. HelpWithExamples.Words(example).Skip(1).Select(word => word.Trim('\''))]).Errors));
    }

    [Fact]
    public async Task Version_is_the_projects()
    {
        CommandRun run = await CommandRun.Of("--version");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Matches(@"^\d+\.\d+\.\d+", run.Output);
    }

    [Theory]
    [InlineData("error: Unrecognized command or argument 'stduy'.", "stduy")]
    [InlineData("error: Option '--out' is required.", "world", "export")]
    [InlineData("error: --sft: expected a whole number >= 0, found -1.", "world", "export", "--out", "x", "--sft", "-1")]
    public async Task Bad_usage_is_code_2_and_points_to_the_help(string message, params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Paths(Command command, string path) =>
        command.Subcommands.SelectMany(sub => Paths(sub, $"{path} {sub.Name}".Trim())).Append(path);

    private static IEnumerable<Verb> Verbs(Command command) =>
        command.Subcommands.OfType<Verb>().SelectMany(verb => Verbs(verb).Append(verb));
}
