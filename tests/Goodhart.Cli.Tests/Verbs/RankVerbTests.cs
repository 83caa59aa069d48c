using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class RankVerbTests : IDisposable
{
    private const string Pairs = """
        {"prompt":"p one two","chosen":"a","rejected":"b"}
        {"prompt":"p one two","chosen":"b","rejected":"c d e"}
        {"prompt":"p one two","chosen":"c d e","rejected":"a"}
        {"prompt":"q","chosen":"a","rejected":"b"}
        {"prompt":"q","chosen":"x","rejected":"x"}
        {"prompt":"r","verdict":"equal"}

        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Counts_what_the_loss_sees_and_what_it_does_not()
    {
        string more = folder.Write("sft.jsonl", """
            {"prompt":"q","completion":"a"}
            {"prompt":"q","completion":"never"}

            """);
        CommandRun run = await CommandRun.Of(
            "rank", folder.Write("pairs.jsonl", Pairs), "--responses", more, "--vocabulary", "11", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonElement result = JsonDocument.Parse(run.Output).RootElement.GetProperty("result");
        JsonElement graph = result.GetProperty("graph");
        (string, int)[] expected =
        [
            ("pairs", 5), ("equalPairs", 1), ("prompts", 2), ("responses", 7), ("neverCompared", 2), ("components", 2), ("splitPrompts", 1),
            ("rank", 3), ("rankBySvd", 3), ("nullity", 4), ("nullityWithinSupport", 2), ("dependentPairs", 2),
        ];
        Assert.All(expected, entry => Assert.Equal(entry.Item2, graph.GetProperty(entry.Item1).GetInt32()));
        Assert.Equal(1, graph.GetProperty("contradictions").GetProperty("knots").GetInt32());
        Assert.Equal(1, result.GetProperty("skipped").GetProperty("noPreference").GetInt32());

        // Words of the longest texts: 3 and 3, ten ids besides EOS; 1111 texts each.
        Assert.Equal(Math.Log10(7 / (1111.0 * 1111)), result.GetProperty("log10Share").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task Columns_with_other_names_give_the_same_graph()
    {
        string plain = folder.Write("pairs.jsonl", Pairs);
        string renamed = folder.Write("names.jsonl", Pairs.Replace("\"prompt\"", "\"instruction\"", StringComparison.Ordinal));
        CommandRun first = await CommandRun.Of("rank", plain);
        CommandRun second = await CommandRun.Of("rank", renamed, "--columns", "prompt=instruction");
        Assert.Equal(ExitCode.Done, second.Code);
        Assert.Equal(
            first.Output, second.Output.Replace("names.jsonl", "pairs.jsonl", StringComparison.Ordinal), ignoreWhiteSpaceDifferences: true);
        Assert.Matches(@"rank of Q +3 .*\(3 by singular values\)", first.Output);
    }

    [Fact]
    public async Task Demonstrates_equal_losses_and_writes_a_page()
    {
        string target = folder.Path("rank");
        string[] command = ["rank", folder.Write("pairs.jsonl", Pairs), "--demonstrate", "--out", target];
        CommandRun run = await CommandRun.Of(command);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Matches("IPO +leaves the data +0.000000000000 +0.9900", run.Output);
        JsonElement policies = JsonDocument.Parse(File.ReadAllText(Path.Combine(target, "rank.json"))).RootElement.GetProperty("sameLoss");
        Assert.Equal(9, policies.GetArrayLength());
        Assert.All(policies.EnumerateArray().GroupBy(p => p.GetProperty("loss").GetString()), group =>
            Assert.InRange(
                group.Max(p => p.GetProperty("lossValue").GetDouble()) - group.Min(p => p.GetProperty("lossValue").GetDouble()), 0, 1e-12));
        string page = File.ReadAllText(Path.Combine(target, "report.html"));
        Assert.NotNull(XDocument.Parse(page).Root);
        Assert.True(File.Exists(Path.Combine(target, "figures", "same-loss.svg")));

        CommandRun again = await CommandRun.Of(command);
        Assert.Equal(run.Output, again.Output);
        Assert.Equal(page, File.ReadAllText(Path.Combine(target, "report.html")));
    }

    [Theory]
    [InlineData("expected preference data", "{\"prompt\":\"p\",\"completion\":\"c\"}\n")]
    [InlineData(
        "expected preference pairs, found none among 1 row",
        "{\"chosen\":[{\"role\":\"user\",\"content\":\"a\"}],\"rejected\":[{\"role\":\"user\",\"content\":\"b\"}]}\n")]
    public async Task Other_data_is_code_2(string message, string rows)
    {
        CommandRun run = await CommandRun.Of("rank", folder.Write("pairs.jsonl", rows));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_others_is_left_alone()
    {
        Directory.CreateDirectory(folder.Path("mine"));
        folder.Write(Path.Combine("mine", "rank.json"), "precious");
        CommandRun run = await CommandRun.Of("rank", folder.Write("pairs.jsonl", Pairs), "--out", folder.Path("mine"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Equal("precious", File.ReadAllText(Path.Combine(folder.Path("mine"), "rank.json")));
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of("rank", folder.Path("pairs.jsonl"), "--vocabulary", "1")).Code);
    }

    /// <summary>The size of the paper's data set; how long it takes, <c>bench/</c> says (RankBench).</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Ninety_two_thousand_pairs_are_ranked()
    {
        string text = string.Join(' ', Enumerable.Range(0, 200).Select(i => "word" + i.ToString(CultureInfo.InvariantCulture)));
        using (StreamWriter file = new(folder.Path("many.jsonl")))
        {
            for (int i = 0; i < 92_000; i++)
            {
                file.WriteLine(
                    FormattableString.Invariant(
                        $"{{\"prompt\":\"{i} {text}\",\"chosen\":\"{i} better {text[..150]}\",\"rejected\":\"{i} worse {text[..150]}\"}}"));
            }
        }

        CommandRun run = await CommandRun.Of("rank", folder.Path("many.jsonl"), "--json");
        Assert.Equal(
            92_000, JsonDocument.Parse(run.Output).RootElement.GetProperty("result").GetProperty("graph").GetProperty("rank").GetInt32());
    }
}
