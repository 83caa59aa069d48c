using System.CommandLine;
using Goodhart.Cli.Parsing;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary>--config gives a command the same options as its command line.</summary>
public sealed class ConfigTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("sample", "model: $a\nprompts: $p\nmaxNewTokens: 4\nsamples: 2\nseed: 3\nquiet: true", "sample $a --prompts $p "
        + "--max-new-tokens 4 --samples 2 --seed 3 --quiet")]
    [InlineData("score", "model: $a\ndata: $r\nnoEos: true\nquiet: true", "score $a --data $r --no-eos --quiet")]
    [InlineData(
        "kl", "model: $a\nreference: $b\nprompts: $p\nmaxNewTokens: 4\nquiet: true", "kl $a $b --prompts $p --max-new-tokens 4 --quiet")]
    [InlineData("tokenize", "model: $t\nfile: $w\ncolumn: words", "tokenize $t --file $w --column words")]
    [InlineData("verify", "model: $a\nreference: $b\npairs: 2\nquiet: true", "verify $a $b --pairs 2 --quiet")]
    public async Task A_file_is_as_good_as_the_command_line(string verb, string yaml, string command)
    {
        string model = SmallModels.World(folder, "model");
        string prompts = SmallModels.Prompts(folder, 2);
        string responses = folder.Write("r.jsonl", "{\"promptIds\":[5,9],\"responseIds\":[7,8]}\n");
        string words = folder.Write("w.jsonl", "{\"words\":\"my sister\"}\n");
        CommandRun typed = await CommandRun.Of([.. command.Split(' ').Select(Filled)]);
        CommandRun configured = await CommandRun.Of(verb, "--config", folder.Write($"{verb}.yaml", Filled(yaml)));
        Assert.Equal((ExitCode.Done, ""), (configured.Code, configured.Error));
        Assert.Equal(typed.Output, configured.Output);
        Assert.NotEqual("", typed.Output);

        string Filled(string text) => text
            .Replace("$a", SmallModels.Policy, StringComparison.Ordinal).Replace("$b", SmallModels.Reference, StringComparison.Ordinal)
            .Replace("$t", model, StringComparison.Ordinal).Replace("$p", prompts, StringComparison.Ordinal)
            .Replace("$r", responses, StringComparison.Ordinal).Replace("$w", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_wins_and_mistakes_have_their_place()
    {
        string prompts = SmallModels.Prompts(folder, 1);
        string config = folder.Write("c.yaml", $"model: {SmallModels.Policy}\nprompts: {prompts}\nmaxNewTokens: 60\n");
        CommandRun run = await CommandRun.Of("sample", "--config", config, "--max-new-tokens", "2", "--quiet");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        CommandRun wrong = await CommandRun.Of("sample", "--config", folder.Write("w.yaml", "maxTokens: 2"));
        Assert.Equal(ExitCode.BadInput, wrong.Code);
        Assert.Contains("w.yaml:1:1: unknown key 'maxTokens'", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_gives_a_repeatable_option_once_for_each_value()
    {
        string config = folder.Write("a.yaml", "model: m\ndata: p.jsonl\nout: o\nremedy: [wpo, \"tr-dpo:alpha=0.6,every=2\"]\n");
        string[] args = ["align", "--config", config];
        ConfiguredArguments configured = ConfiguredArguments.Of(GoodhartCommand.Create().Parse(args, GoodhartCommand.Plain), args);
        ParseResult parse = GoodhartCommand.Create().Parse(configured.Args);
        Assert.Equal<string[]>(["wpo", "tr-dpo:alpha=0.6,every=2"], parse.GetValue<string[]>("--remedy")!);
    }
}
