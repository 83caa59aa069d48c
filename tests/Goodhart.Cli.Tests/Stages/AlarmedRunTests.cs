using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

public sealed class AlarmedRunTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private const string Probability = "alarm/probability";

    private static readonly string[] Watch = ["--alarm", "--max-new-tokens", "8"];

    [Fact]
    public async Task Every_checkpoint_has_its_probability_in_the_metrics_and_the_training_is_that_without_the_alarm()
    {
        CommandRun run = await AlignAsync("alarmed", Watch);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode alarm = Alarm("alarmed");
        JsonNode[] lines = [.. Lines("alarmed").Where(line => line[Probability] is not null)];
        Assert.Equal([1, 2, 4], lines.Select(line => (int)line["step"]!));
        Assert.Equal(
            alarm["measured"]!.AsArray().Select(checkpoint => (double)checkpoint!["probability"]!),
            lines.Select(line => (double)line[Probability]!));
        Assert.All(lines, line => Assert.InRange((double)line[Probability]!, 0, 1));

        // Held-out pairs are measured too, so the alarm sees margins and what the data never show.
        Assert.All(lines, line => Assert.All(
            (string[])["sqrtKl", "klAcceleration", "marginMean", "unseenGrowth", "lengthR2", "chesChange"],
            name => Assert.NotNull(line[$"alarm/{name}"])));
        Assert.False((bool)alarm["stopped"]!);
        Assert.Contains("ran to the end: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("of the checkpoints before the peak.", run.Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, (await AlignAsync("whole")).Code);
        Assert.Equal(Weights("whole/model"), Weights("alarmed/model"));
        Assert.Equal(
            File.ReadAllLines(tiny.Fresh("whole/metrics.jsonl")),
            File.ReadAllLines(tiny.Fresh("alarmed/metrics.jsonl")).Where(line => !line.Contains("alarm/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_stops_where_the_probability_reaches_what_was_asked_keeps_the_checkpoint_before_and_resumes_with_the_same_bits()
    {
        Assert.Equal(ExitCode.Done, (await AlignAsync("measured", Watch)).Code);
        double[] said = [.. Lines("measured").Where(line => line[Probability] is not null).Select(line => (double)line[Probability]!)];

        // Just what the second checkpoint reaches where it is above the first; else the first one ends the run.
        int ends = said[1] > said[0] ? 1 : 0;
        string at = said[ends].ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        CommandRun run = await AlignAsync("stopped", [.. Watch, "--alarm-stop", at]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonNode alarm = Alarm("stopped");
        Assert.Equal((true, ends + 1), ((bool)alarm["stopped"]!, alarm["measured"]!.AsArray().Count));
        Assert.Equal("checkpoints/step-1", (string)alarm["kept"]!);
        Assert.Equal(Weights("stopped/checkpoints/step-1"), Weights("stopped/model"));
        Assert.Contains("stopped: ", run.Output, StringComparison.Ordinal);

        // Again: nothing is done twice, and nothing changes.
        string metrics = File.ReadAllText(tiny.Fresh("stopped/metrics.jsonl"));
        string record = File.ReadAllText(tiny.Fresh("stopped/run.json"));
        CommandRun again = await AlignAsync("stopped", [.. Watch, "--alarm-stop", at, "--json"]);
        Assert.Equal(0, (int)JsonNode.Parse(again.Output)!["executed"]!);
        Assert.Equal(
            (metrics, record), (File.ReadAllText(tiny.Fresh("stopped/metrics.jsonl")), File.ReadAllText(tiny.Fresh("stopped/run.json"))));

        // Without a stop the folder goes on to what the run would have been.
        Assert.Equal(ExitCode.Done, (await AlignAsync("stopped", Watch)).Code);
        Assert.Equal(
            File.ReadAllText(tiny.Fresh("measured/metrics.jsonl")), File.ReadAllText(tiny.Fresh("stopped/metrics.jsonl")));
        Assert.Equal(Weights("measured/model"), Weights("stopped/model"));
    }

    [Theory]
    [InlineData(
        "expected two or more in --checkpoints", "--alarm", "--prompts", "*", "--max-new-tokens", "8", "--alarm-stop", "0.5",
        "--checkpoints", "1")]
    [InlineData("--alarm needs held-out prompts", "--alarm")]
    [InlineData("--alarm-stop belongs to --alarm", "--alarm-stop", "0.5")]
    [InlineData("--samples belongs to --stop-at-peak or --alarm", "--samples", "2")]
    [InlineData("--judge belongs to --stop-at-peak", "--alarm", "--judge", "gold")]
    [InlineData("a run is ended by one of the two", "--alarm", "--stop-at-peak")]
    [InlineData("--alarm-stop: expected a number above 0 and below 1", "--alarm", "--alarm-stop", "80")]
    [InlineData("kto trains on single responses", "--alarm", "--prompts", "*", "--max-new-tokens", "8", "--loss", "kto")]
    public async Task What_is_missing_or_does_not_go_together_is_said(string expected, params string[] options)
    {
        CommandRun run = await tiny.AlignAsync("refused", [.. options.Select(option => option == "*" ? tiny.Data("prompts") : option)]);
        Assert.NotEqual(ExitCode.Done, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Fresh("refused")));
    }

    private Task<CommandRun> AlignAsync(string name, params string[] more) => tiny.AlignAsync(
        name,
        [
            "--held-out", tiny.Data("heldout-preferences"), "--checkpoints", "0.25,0.5,1", .. more,
        ]);

    private JsonNode Alarm(string name) => JsonNode.Parse(File.ReadAllText(tiny.Fresh($"{name}/run.json")))!["alarm"]!;

    private JsonNode[] Lines(string name) =>
        [.. File.ReadLines(tiny.Fresh($"{name}/metrics.jsonl")).Select(line => JsonNode.Parse(line)!)];

    private byte[] Weights(string model) => File.ReadAllBytes(Path.Combine(tiny.Fresh(model), "model.safetensors"));
}
