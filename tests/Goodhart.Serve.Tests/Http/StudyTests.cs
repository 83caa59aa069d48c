using System.Diagnostics;
using System.Text.Json.Nodes;
using Goodhart.Pipeline;
using Goodhart.Serve.Tests.Written;
using Xunit;

namespace Goodhart.Serve.Tests.Http;

public sealed class StudyTests
{
    /// <summary>Long: only a test that has failed waits for its end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_graph_is_known_before_anything_has_run()
    {
        using WrittenStudy study = new(2);
        await using Browsing browsing = await Browsing.StartAsync(study);
        JsonNode answer = await browsing.JsonAsync("/api/study");
        Assert.Equal("waiting", (string?)answer["run"]!["state"]);
        JsonArray steps = answer["steps"]!.AsArray();
        Assert.Equal((2 * 3) + (2 * 12) + 1, steps.Count);
        Assert.All(steps, step => Assert.Equal("waiting", (string?)step!["state"]));
        JsonNode last = Assert.Single(steps, step => (string?)step!["name"] == "analyse-study")!;
        Assert.Equal(2 + 6, last["inputs"]!.AsArray().Count);
        Assert.Contains(steps, step => (string?)step!["about"]?["loss"] == "ipo" && (string?)step["about"]!["fraction"] == "0.25");
        Assert.Empty(answer["points"]!.AsArray());
    }

    [Fact]
    public async Task What_is_stored_is_done_and_its_numbers_are_there()
    {
        using WrittenStudy study = new(1);
        await study.StoreAsync([.. study.Sft, .. study.Runs[0][..2]]);
        await using Browsing browsing = await Browsing.StartAsync(study);
        JsonNode answer = await browsing.JsonAsync("/api/study");
        Assert.Equal(("waiting", 6 + 8), ((string?)answer["run"]!["state"], (int)answer["run"]!["done"]!));
        JsonNode point = answer["points"]!.AsArray().Single(row => (double)row!["fraction"]! == 0.5)!;
        Assert.Equal(("dpo", 0.05, 0.02), ((string?)point["loss"], (double)point["klSe"]!, (double)point["winRateSe"]!));
        Assert.Equal(1.3333, (double)point["sqrtKl"]!, 4);

        await study.StoreAsync(study.Analysis);
        JsonNode whole = await browsing.JsonAsync("/api/study");
        Assert.Equal(("done", 1.0), ((string?)whole["run"]!["state"], (double)whole["run"]!["worked"]!));
        JsonNode law = Assert.Single(whole["laws"]!.AsArray())!;
        Assert.Equal(0.4, (double)law["curve"]![0]![1]!, 6);
        Assert.Equal(2.66667, (double)law["curve"]![40]![0]!, 4);
    }

    [Fact]
    public async Task The_alarm_says_of_every_described_checkpoint_how_likely_it_is_past_the_peak()
    {
        using WrittenStudy study = new(2);
        await using Browsing browsing = await Browsing.StartAsync(study);
        JsonNode nothing = await browsing.JsonAsync("/api/alarm");
        Assert.Equal((0, ""), (nothing["runs"]!.AsArray().Count, (string?)nothing["worth"]));

        await study.StoreAsync([.. study.Sft, .. study.Runs[0][..2]]);
        JsonNode two = await browsing.JsonAsync("/api/alarm");
        JsonNode run = Assert.Single(two["runs"]!.AsArray())!;
        Assert.Equal(("S", "dpo", 0.05), ((string?)run["model"], (string?)run["loss"], (double)run["beta"]!));
        Assert.Equal([0.25, 0.5], run["fractions"]!.AsArray().Select(fraction => (double)fraction!));
        Assert.All(run["probabilities"]!.AsArray(), probability => Assert.InRange((double)probability!, 0, 1));
        Assert.Contains("of the checkpoints before the peak.", (string?)two["worth"], StringComparison.Ordinal);
        Assert.Contains("entropyChange", two["missing"]!.AsArray().Select(name => (string?)name));

        await study.StoreAsync(study.Analysis);
        JsonNode whole = await browsing.JsonAsync("/api/alarm");
        Assert.Equal([3, 3], whole["runs"]!.AsArray().Select(each => each!["fractions"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_running_step_tells_how_far_it_is_and_its_curve_grows()
    {
        using ManualResetEventSlim reached = new();
        using ManualResetEventSlim go = new();
        using WrittenStudy study = new(1, _ =>
        {
            reached.Set();
            go.Wait(Patience);
        });
        await using Browsing browsing = await Browsing.StartAsync(study);
        Task run = study.StoreAsync(study.Runs[0][1]);
        Assert.True(reached.Wait(Patience));
        JsonNode answer = await browsing.JsonAsync("/api/study");
        JsonNode step = Assert.Single(answer["steps"]!.AsArray(), each => (string?)each!["state"] == "running")!;
        Assert.Equal("running", (string?)answer["run"]!["state"]);
        JsonNode curve = await browsing.JsonAsync("/api/curve?step=" + (string?)step["key"]);
        Assert.False((bool)curve["isWhole"]!);
        double[] updates = [.. curve["updates"]!.AsArray().Select(update => (double)update!)];
        Assert.True(updates is [26] or [26, 27], "a report is told at once, and the next one if a second has passed: " + string.Join(", ", updates));
        Assert.Equal($"update {updates[^1]}/100", (string?)step["text"]);
        Assert.Equal(1 / updates[^1], (double)step["metrics"]!["loss"]!, 5);

        go.Set();
        await run;
        JsonNode stored = await browsing.JsonAsync("/api/curve?step=" + (string?)step["key"]);
        Assert.True((bool)stored["isWhole"]!);
        Assert.Equal(25, stored["updates"]!.AsArray().Count);
        Assert.Equal(0.1 * 50, (double)stored["values"]!["rewards/margins"]![24]!, 5);
    }

    [Fact]
    public async Task A_failed_step_says_why_and_shows_the_end_of_its_logs()
    {
        using WrittenStudy study = new(1, _ => throw new InvalidDataException("the optimizer diverged at update 27"));
        await Assert.ThrowsAsync<StepFailedException>(() => study.StoreAsync(study.Analysis));
        await using Browsing browsing = await Browsing.StartAsync(study);
        JsonNode answer = await browsing.JsonAsync("/api/study");
        JsonNode step = Assert.Single(answer["steps"]!.AsArray(), each => (string?)each!["state"] == "failed")!;
        Assert.Equal("failed", (string?)answer["run"]!["state"]);
        Assert.Contains("the optimizer diverged", (string?)step["error"], StringComparison.Ordinal);

        string logs = Directory.CreateDirectory(Path.Combine(study.Folder, "logs")).FullName;
        string folder = $"preference-segment-{(string?)step["key"]}";
        File.WriteAllText(Path.Combine(logs, folder + ".err"), string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\n")));
        JsonNode log = (await browsing.JsonAsync("/api/step?step=" + (string?)step["key"]))["logs"]![0]!;
        Assert.Equal($"logs/{folder}.err", (string?)log["name"]);
        Assert.EndsWith("line 4999\n", (string?)log["tail"], StringComparison.Ordinal);
        Assert.InRange(((string)log["tail"]!).Length, 8000, 8192);

        // An array's members are told apart by the list of its steps.
        string jobs = Directory.CreateDirectory(Path.Combine(study.Folder, "slurm")).FullName;
        File.WriteAllText(Path.Combine(jobs, "goodhart-1-segment-2.steps"), $"0 preference-segment-0123456789abcdef\n3 {folder}\n");
        File.WriteAllText(Path.Combine(jobs, "goodhart-1-segment-2-0.log"), "another step\n");
        File.WriteAllText(Path.Combine(jobs, "goodhart-1-segment-2-3.log"), "goodhart: job 7_3 starts\n");
        JsonArray all = (await browsing.JsonAsync("/api/step?step=" + (string?)step["key"]))["logs"]!.AsArray();
        JsonNode own = Assert.Single(all, each => ((string)each!["name"]!).StartsWith("slurm/", StringComparison.Ordinal))!;
        Assert.Equal(("slurm/goodhart-1-segment-2-3.log", "goodhart: job 7_3 starts\n"), ((string?)own["name"], (string?)own["tail"]));
    }

    [Fact]
    public async Task A_step_by_itself_that_gives_no_sign_of_life_is_told()
    {
        using ManualResetEventSlim reached = new();
        using ManualResetEventSlim go = new();
        using WrittenStudy study = new(1, _ =>
        {
            reached.Set();
            go.Wait(Patience);
        });
        await study.StoreAsync(study.Runs[0][0]);
        Step part = study.Runs[0][1].Measured.Policy!;
        await using Browsing browsing = await Browsing.StartAsync(study);
        string folder = Path.GetFileName(study.Runner.DirectoryOf(part));
        Task<StepOutcome> alone = Task.Run(() => study.Runner.RunStepAsync([study.Analysis], folder, CancellationToken.None));
        Assert.True(reached.Wait(Patience));
        await WaitForStateAsync("running");

        // Its attempt lives and renews the lease: the time is set back as often as that takes.
        string lease = study.Runner.DirectoryOf(part) + Lease.Suffix;
        await WaitForStateAsync("lost", () => File.SetLastWriteTimeUtc(lease, DateTime.UtcNow - Lease.Life - TimeSpan.FromSeconds(1)));
        await WaitForStateAsync("running", () => File.SetLastWriteTimeUtc(lease, DateTime.UtcNow));
        go.Set();
        Assert.True((await alone).Ran);
        await WaitForStateAsync("done");

        async Task WaitForStateAsync(string expected, Action? before = null)
        {
            string? found = null;
            for (Stopwatch watch = Stopwatch.StartNew(); found != expected && watch.Elapsed < Patience; await Task.Delay(5))
            {
                before?.Invoke();
                JsonNode answer = await browsing.JsonAsync("/api/study");
                found = (string?)answer["steps"]!.AsArray().Single(step => (string?)step!["key"] == folder[^16..])!["state"];
            }

            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public async Task Samples_are_read_a_prompt_at_a_time_with_their_verdicts()
    {
        using WrittenStudy study = new(1);
        await study.StoreAsync(study.Runs[0][0]);
        await using Browsing browsing = await Browsing.StartAsync(study);
        Assert.Equal(3, (await browsing.JsonAsync("/api/prompts")).AsArray().Count);
        string key = study.Runner.KeyOf(study.Runs[0][0]);
        JsonNode answer = await browsing.JsonAsync($"/api/samples?step={key}&prompt=1");
        Assert.Equal(("Text.", 0.25), ((string?)answer["reference"], (double)answer["referenceGold"]!));
        JsonArray samples = answer["samples"]!.AsArray();
        Assert.Equal(2, samples.Count);
        Assert.EndsWith("says 20.0 <b>&", (string?)samples[0]!["text"], StringComparison.Ordinal);
        Assert.Equal((0.0, 0.5), ((double)samples[0]!["score"]!, (double)samples[1]!["score"]!));
        Assert.Equal((2.5, 2.5, 2, true), ((double)samples[0]!["kl"]!, (double)samples[0]!["logRatio"]!, (int)samples[0]!["length"]!, (bool)samples[0]!["finished"]!));
    }
}
