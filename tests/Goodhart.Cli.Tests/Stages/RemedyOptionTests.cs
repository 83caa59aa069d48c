using System.Text.Json.Nodes;
using Goodhart.Alignment.Remedies;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>Remedies reach the run, its record, its identity and its metrics.</summary>
public sealed class RemedyOptionTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    /// <summary>As they have something to do in four updates on two pairs each.</summary>
    private static readonly string[] Given =
    [
        "is-daa", "wpo", "wpo-uncut", "wpo-greedy", "wpo-plain", "ld-dpo", "ld-dpo-policy-only", "beta-dpo:filter=0.5", "beta-dpo-scaled",
        "epsilon-dpo:epsilon=0.1", "epsilon-dpo-mean:epsilon=0.1", "kl-target:target=0.01,horizon=8,every=2,prompts=2,max-tokens=8",
        "tr-dpo:alpha=0.5,every=2", "tr-dpo-hard:every=3",
    ];

    public static TheoryData<string> Remedies => [.. Given];

    [Fact]
    public void Every_remedy_is_among_them() =>
        Assert.Equal(
            RemedyCatalogue.All.Where(entry => !entry.IsOfStudies).Select(entry => entry.Name),
            Given.Select(remedy => remedy.Split(':')[0]));

    [Theory]
    [MemberData(nameof(Remedies))]
    public async Task Each_trains_and_a_run_that_was_cut_elsewhere_has_the_same_bits(string remedy)
    {
        string name = remedy.Split(':')[0];
        JsonNode record = await Align($"whole-{name}", "--remedy", remedy, "--held-out", tiny.Data("heldout-preferences"));
        Assert.Equal(name, (string)Assert.Single(record["remedies"]!.AsArray())!["name"]!);
        Assert.NotEqual(Weights("dpo"), Weights($"whole-{name}"));
        await Align($"parts-{name}", "--remedy", remedy, "--resume-every", "1", "--row-budget", "60");
        Assert.Equal(Weights($"whole-{name}"), Weights($"parts-{name}"));

        JsonNode[] lines = [.. File.ReadLines(tiny.Fresh($"whole-{name}/metrics.jsonl")).Select(line => JsonNode.Parse(line)!)];
        JsonNode[] updates = [.. lines.Where(line => line["loss"] is not null)];
        Remedy made = RemedyCatalogue.Find(name).Create();
        Assert.All(updates, line => Assert.Equal(made is PairWeighting, line["remedy/weight"] is not null));
        Assert.All(updates, line => Assert.Equal(made is BetaRule, line["remedy/beta"] is not null));
        Assert.All(updates, line => Assert.Equal(made is GapBeta, line["remedy/kept"] is not null));
        Assert.Equal(made is KlBudget ? 2 : 0, updates.Count(line => line["remedy/kl"] is not null));
        Assert.True(made is not BetaRule || updates.Select(line => (double)line["remedy/beta"]!).Distinct().Count() > 1, "β never moves");
    }

    [Fact]
    public async Task Remedies_of_several_kinds_go_together_on_any_loss()
    {
        JsonNode record = await Align(
            "together", "--loss", "ipo", "--beta", "0.2", "--nll-weight", "0.1", "--remedy", "wpo", "--remedy", "ld-dpo:alpha=0.3",
            "--remedy",
            "tr-dpo:every=2");
        Assert.Equal(["wpo", "ld-dpo", "tr-dpo"], record["remedies"]!.AsArray().Select(remedy => (string)remedy!["name"]!));
        Assert.Equal("ipo+nll", (string)record["loss"]!["name"]!);
        Assert.Equal(0.3, (double)record["remedies"]![1]!["parameters"]!["alpha"]!);
    }

    [Theory]
    [InlineData("unknown remedy 'is': expected one of is-daa, wpo, ", "--remedy", "is")]
    [InlineData("is-daa has no parameter 'eps': expected epsilon.", "--remedy", "is-daa:eps=1")]
    [InlineData("tr-dpo: expected every a whole number of at least 1, got 1.5.", "--remedy", "tr-dpo:every=1.5")]
    [InlineData("--remedy: expected NAME:PARAMETER=VALUE with a number, found epsilon in 'is-daa:epsilon'.", "--remedy", "is-daa:epsilon")]
    [InlineData("--remedy: expected each parameter once, found epsilon twice", "--remedy", "is-daa:epsilon=1,epsilon=2")]
    [InlineData("expected one remedy for the weights of pairs, found is-daa and wpo", "--remedy", "is-daa", "--remedy", "wpo")]
    [InlineData("a term of aot depends on the other pairs of its batch", "--loss", "aot", "--remedy", "wpo")]
    [InlineData("simpo has none", "--loss", "simpo", "--remedy", "tr-dpo")]
    [InlineData("kl-target measures the KL from the reference, and tr-dpo moves it", "--remedy", "kl-target", "--remedy", "tr-dpo")]
    [InlineData("found 2 pairs and filter 0.9: raise the batch size, or set filter to 0.", "--remedy", "beta-dpo:filter=0.9")]
    [InlineData("--remedy: online takes more than one run's training: give it to a study", "--remedy", "online:rounds=2")]
    [InlineData("wpo is for losses on pairs, and kto trains on single responses", "--loss", "kto", "--remedy", "wpo")]
    public async Task What_does_not_go_together_is_refused_before_anything_runs(string message, params string[] options)
    {
        CommandRun run = await tiny.AlignAsync("refused", options);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Fresh("refused/steps")));
    }

    private async Task<JsonNode> Align(string name, params string[] options)
    {
        CommandRun run = await tiny.AlignAsync(name, options);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        return JsonNode.Parse(File.ReadAllText(tiny.Fresh($"{name}/run.json")))!;
    }

    private string Weights(string name) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(tiny.Fresh($"{name}/model/model.safetensors"))));
}
