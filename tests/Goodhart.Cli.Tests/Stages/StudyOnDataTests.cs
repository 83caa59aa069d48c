using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary><c>study</c> on a model folder and files: the shipped presets, with what they leave open filled in.</summary>
public sealed class StudyOnDataTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Theory]
    [InlineData("pythia-tldr-paper", 2)]
    [InlineData("pythia-tldr-clean", 5)]
    public async Task A_preset_plans_with_ones_own_model_and_data(string preset, int checkpoints)
    {
        CommandRun run = await CommandRun.Of(
            [.. Study(preset), "--set", "align.pairs=10", "--plan", "--json", "--out", tiny.Fresh("planned")]);
        Assert.Contains("expected at least 10 pairs, found 8", run.Error, StringComparison.Ordinal);

        string[] sizes = preset == "pythia-tldr-paper" ? ["--set", "align.checkpointEvery=5"] : ["--set", "align.batchSize=1"];
        run = await CommandRun.Of([.. Study(preset), .. sizes, "--plan", "--json", "--out", tiny.Fresh("planned")]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Dictionary<string, int> steps = json.RootElement.GetProperty("rows").EnumerateArray()
            .ToDictionary(row => row.GetProperty("kind").GetString()!, row => row.GetProperty("toRun").GetInt32());
        Assert.Equal((21 * checkpoints, (21 * checkpoints) + 1), (steps["preference-segment"], steps["measure-checkpoint"]));
        Assert.True(json.RootElement.GetProperty("memory").GetProperty("peak").GetInt64() > 0);
        Assert.False(Directory.Exists(tiny.Fresh("planned")));
    }

    [Fact]
    public async Task A_study_writes_what_every_study_writes_and_runs_once()
    {
        string[] study =
            [
                .. Study("pythia-tldr-paper"), "--set", "align.losses=[dpo]", "--set", "align.betas=[0.1]", "--set",
                "align.checkpointEvery=5", "--out", tiny.Fresh("study"),
            ];
        CommandRun run = await CommandRun.Of([.. study, "--quiet"]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.StartsWith("3 checkpoints, 0 fits", run.Output, StringComparison.Ordinal);
        Assert.All(
            ["report.html", "results.json", "points.csv", "responses.csv", "study.json"],
            file => Assert.True(File.Exists(Path.Combine(tiny.Fresh("study"), file)), file));
        Assert.Contains("\"preferences\": ", File.ReadAllText(Path.Combine(tiny.Fresh("study"), "study.json")), StringComparison.Ordinal);

        CommandRun again = await CommandRun.Of([.. study, "--plan"]);
        Assert.Contains("everything is stored", again.Output, StringComparison.Ordinal);
        CommandRun fit = await CommandRun.Of("fit", Path.Combine(tiny.Fresh("study"), "points.csv"));
        Assert.Equal(ExitCode.BadInput, fit.Code);
        Assert.Contains("nothing has judged this checkpoint's responses", fit.Error, StringComparison.Ordinal);
        CommandRun report = await CommandRun.Of("report", tiny.Fresh("study"));
        Assert.Equal((ExitCode.Done, ""), (report.Code, report.Error));
    }

    [Fact]
    public async Task Places_that_are_empty_are_code_2_with_what_belongs_there()
    {
        CommandRun run = await CommandRun.Of("study", "--preset", "pythia-tldr-clean", "--out", tiny.Fresh("empty"));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("studies/pythia-tldr-clean.yaml:", run.Error, StringComparison.Ordinal);
        Assert.Contains(
            "models[0].from: no folder EleutherAI/pythia-1b. Put a Hugging Face model folder there", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Fresh("empty")));
    }

    [Fact]
    public async Task More_memory_than_the_machine_has_is_refused_with_figures()
    {
        string[] study =
        [
            .. Study("pythia-tldr-clean"), "--set", "align.checkpoints=[1]", "--workers", "1000000", "--out", tiny.Fresh("large"),
        ];
        CommandRun run = await CommandRun.Of([.. study, "--quiet"]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("side by side; this machine has", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Fresh("large")));
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of([.. study, "--plan"])).Code);
        Assert.Equal(ExitCode.Done, (await CommandRun.Of([.. study, "--plan", "--over-memory"])).Code);
    }

    private string[] Study(string preset)
    {
        string truncation = preset == "pythia-tldr-paper"
            ? "{maxTokens: 200, maxPromptTokens: 100, truncate: paper}"
            : "{maxTokens: 200, truncate: newline}";
        string[] settings =
        [
            $"data.preferences={tiny.Data("preferences")}",
            $"data.heldOut={tiny.Data("heldout-preferences")}",
            $"data.sft={tiny.Data("sft")}",
            $"data.prompt={truncation}",
            $"models=[{{name: tiny, from: {tiny.Model}}}]",
            "judge=none",
            "sft.batchSize=4",
            "align.batchSize=2",
            "evaluate.prompts=3",
            "evaluate.heldOutPairs=4",
            "evaluate.maxNewTokens=8",
        ];
        return ["study", "--preset", preset, "--threads", "2", .. settings.SelectMany(setting => (string[])["--set", setting])];
    }
}
