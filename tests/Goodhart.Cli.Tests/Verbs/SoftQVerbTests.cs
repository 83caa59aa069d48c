using System.Text.Json;
using System.Xml.Linq;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class SoftQVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string policy;
    private readonly string reference;
    private readonly string prompts;
    private readonly string pairs;

    public SoftQVerbTests()
    {
        policy = SmallModels.World(folder, "policy", seed: 1);
        reference = SmallModels.World(folder, "reference", seed: 2);
        WorldExport.Write(
            new WorldExportOptions { Pretraining = 0, Sft = 0, Preferences = 12, HeldOutPairs = 0, Prompts = 5 }, folder.Path("world"));
        prompts = folder.Path(Path.Combine("world", "prompts.jsonl"));
        pairs = folder.Path(Path.Combine("world", "preferences.jsonl"));
    }

    private string[] Command =>
    [
        "softq", policy, reference, "--prompts", prompts, "--beta", "0.1", "--data", pairs, "--max-new-tokens", "6", "--pairs", "8",
        "--quiet",
    ];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Token_lines_keep_the_identity()
    {
        string target = folder.Path("out");
        CommandRun run = await CommandRun.Of([.. Command, "--samples", "2", "--compare", $"{reference}=0.5", "--out", target, "--json"]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonElement summary = JsonDocument.Parse(run.Output).RootElement;
        JsonElement[] tokens =
        [
            .. File.ReadLines(Path.Combine(target, "tokens.jsonl")).Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal(26, tokens.GroupBy(Response).Count());
        Assert.All(tokens.GroupBy(Response), response =>
        {
            double reward = response.Sum(token => Number(token, "reward"));
            double implicitReward = response.Sum(token => 0.1 * (Number(token, "logProb") - Number(token, "referenceLogProb")));
            Assert.Equal(implicitReward + Number(response.First(), "value") - Number(response.Last(), "nextValue"), reward, 1e-9);
        });
        Assert.Equal(1, summary.GetProperty("sets").GetProperty("chosen").GetProperty("covered").GetDouble());
        Assert.Equal(0, summary.GetProperty("sets").GetProperty("samples").GetProperty("covered").GetDouble());
        Assert.Equal([JsonValueKind.Null, JsonValueKind.Number, JsonValueKind.Number], summary.GetProperty("sweep").EnumerateArray().Select(
            point => point.GetProperty("beta").ValueKind));

        static (string?, int, int) Response(JsonElement token) => (
            token.GetProperty("set").GetString(), token.GetProperty("row").GetInt32(), token.GetProperty("response").GetInt32());
    }

    [Fact]
    public async Task The_page_shows_every_number_that_it_colours()
    {
        string target = folder.Path("out");
        Assert.Equal(ExitCode.Done, (await CommandRun.Of([.. Command, "--show", "2", "--out", target])).Code);
        XElement page = XDocument.Parse(File.ReadAllText(Path.Combine(target, "report.html"))).Root!;
        XElement[] tokens = [.. page.Descendants("span").Where(span => (string?)span.Attribute("class") == "token")];
        Assert.NotEmpty(tokens);
        Assert.All(tokens, token =>
        {
            string value = token.Elements("span").Single(span => (string?)span.Attribute("class") == "value").Value;
            string colour = value.StartsWith('−') ? "rgba(213" : value == "0.00" ? "rgba(" : "rgba(0,";
            Assert.StartsWith("background: " + colour, (string)token.Attribute("style")!, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Threads_change_no_digit()
    {
        string one = (await CommandRun.Of([.. Command, "--threads", "1", "--json"])).Output;
        Assert.Equal(one, (await CommandRun.Of([.. Command, "--threads", "3", "--json"])).Output);
        Assert.NotEqual(one, (await CommandRun.Of([.. Command, "--seed", "5", "--json"])).Output);
    }

    [Fact]
    public async Task A_looser_sense_of_seen_covers_samples_too()
    {
        CommandRun run = await CommandRun.Of([.. Command, "--seen-after", "1", "--json"]);
        JsonElement samples = JsonDocument.Parse(run.Output).RootElement.GetProperty("sets").GetProperty("samples");
        Assert.True(samples.GetProperty("covered").GetDouble() > 0.3);
        Assert.InRange(samples.GetProperty("unseenShare").GetProperty("mean").GetDouble(), 0.5, 1);
    }

    [Fact]
    public async Task A_policy_equal_to_its_reference_has_no_reward_but_has_values()
    {
        CommandRun run = await CommandRun.Of([.. Command.Select(word => word == reference ? policy : word), "--json"]);
        JsonElement chosen = JsonDocument.Parse(run.Output).RootElement.GetProperty("sets").GetProperty("chosen");
        Assert.Equal(0, chosen.GetProperty("implicitReward").GetProperty("mean").GetDouble(), 1e-12);
        Assert.Equal(0, chosen.GetProperty("unseenShareGrowth").GetProperty("mean").GetDouble());
        Assert.True(chosen.GetProperty("promptValue").GetProperty("mean").GetDouble() > 0.1);
    }

    [Theory]
    [InlineData("--beta: expected a number > 0, found 0.", "--beta", "0")]
    [InlineData("expected FOLDER=B with commas between", "--compare", "nothing")]
    [InlineData("fetch it with\n  goodhart pull some/where", "--compare", "some/where=0.1")]
    [InlineData("--seen-after: expected a whole number >= 1, found 0.", "--seen-after", "0")]
    public async Task Bad_values_are_code_2(string message, string option, string value)
    {
        string[] command = option == "--beta" ? [.. Command.Select(word => word == "0.1" ? value : word)] : [.. Command, option, value];
        CommandRun run = await CommandRun.Of(command);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
