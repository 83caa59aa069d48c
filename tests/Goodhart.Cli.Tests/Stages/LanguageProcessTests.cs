using System.Text.Json.Nodes;
using Goodhart.Cli.Tests.Parsing;
using Goodhart.Testing.Judging;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>The program itself on machines of other languages.</summary>
public sealed class LanguageProcessTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private static readonly string[] Languages = ["de_DE.UTF-8", "fr_FR.UTF-8", "fa_IR.UTF-8"];

    [Fact]
    public async Task A_run_is_the_same_to_the_last_bit()
    {
        Cultures.RequireLanguages();
        string config = Path.Combine(tiny.Root, "align.yaml");
        File.WriteAllText(
            config, "learningRate: 5.5e-4\noptimizer: adamw\nclipNorm: 1.5\nbatchSize: 2\nwarmupSteps: 0\nmaxTokens: 200\nquiet: true\n");
        CommandRun plain = await Align("C", "language-C", config);
        Assert.Equal((ExitCode.Done, ""), (plain.Code, plain.Error));
        JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(tiny.Root, "language-C", "run.json")))!;
        Assert.Contains("\"beta\":0.25", record.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("0.00055", record.ToJsonString(), StringComparison.Ordinal);
        foreach (string language in Languages)
        {
            string name = $"language-{language[..2]}";
            CommandRun run = await Align(language, name, config);
            Assert.Equal(plain, run with { Output = run.Output.Replace(name, "language-C", StringComparison.Ordinal) });
            foreach (string file in (string[])["model/model.safetensors", "metrics.jsonl"])
            {
                Assert.Equal(
                    File.ReadAllBytes(Path.Combine(tiny.Root, "language-C", file)), File.ReadAllBytes(Path.Combine(tiny.Root, name, file)));
            }
        }
    }

    [Fact]
    public async Task Refusals_and_help_are_the_same()
    {
        string[][] lines =
            [["align", "m", "d", "--out", "o", "--beta", "0,5"], ["align"], ["align", "--help"], ["stduy"], ["world", "export"]];
        foreach (string[] args in lines)
        {
            CommandRun plain = await Run("C", args);
            foreach (string language in Languages)
            {
                Assert.Equal(plain, await Run(language, args));
            }
        }
    }

    [Fact]
    public async Task A_budget_holds()
    {
        // At $30 and $100 a million, 12 questions of about 450 tokens with replies of up to 256 may cost some 40 cents. 0.05 is no 5.
        string a = Path.Combine(tiny.Root, "a.jsonl");
        string b = Path.Combine(tiny.Root, "b.jsonl");
        File.WriteAllLines(a, Enumerable.Range(0, 12).Select(i => $"{{\"prompt\":\"post {i}\",\"response\":\"summary {i}\"}}"));
        File.WriteAllLines(b, Enumerable.Range(0, 12).Select(i => $"{{\"prompt\":\"post {i}\",\"response\":\"summary {i + 1}\"}}"));
        await using JudgeServer server = new(call => JudgeAnswer.Reply(call, call.ByNumber()));
        foreach (string language in (string[])["C", .. Languages])
        {
            CommandRun run = await Run(
                language,
                [
                    "winrate", a, b, "--judge", "openai", "--judge-model", "m", "--base-url", server.BaseUrl.AbsoluteUri, "--price-in",
                    "30", "--price-out", "100", "--max-cost", "0.05", "--quiet", "--out", Path.Combine(tiny.Root, $"budget-{language}"),
                ]);
            Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
            Assert.Matches(@"the judge would cost up to \$0\.[34]\d+, over the budget of \$0\.05\.", run.Error);
        }

        Assert.Empty(server.Calls);
    }

    private Task<CommandRun> Align(string language, string name, string config) => Run(
        language,
        [
            "align", $"{tiny.Sft}/model", tiny.Data("preferences"), "--out", Path.Combine(tiny.Root, name), "--config", config, "--beta",
            "0.25",
        ]);

    private static Task<CommandRun> Run(string language, string[] args) =>
        ProgramRun.Of(new Dictionary<string, string?> { ["LANG"] = language, ["LC_ALL"] = null }, args);
}
