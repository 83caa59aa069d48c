using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class BenchVerbTests
{
    private static readonly string[] Short = ["--threads", "1", "--seconds", "0.02", "--json"];

    [Fact]
    public async Task Measures_every_kind_of_work_against_the_peak()
    {
        JsonElement[] rows = await Rows("--shapes", "S", "--work", "dpo,sft,pretrain,reward,ppo,score,kl,sample", "--prompts", "8");
        Assert.Equal(
            ["dpo", "sft", "pretrain", "reward", "ppo", "score", "kl", "sample: prefill", "sample", "sample: decode"],
            rows.Select(row => row.GetProperty("work").GetString()));
        Assert.All(rows, row =>
        {
            Assert.Equal(74880, row.GetProperty("parameters").GetInt64());
            Assert.InRange(row.GetProperty("utilisation").GetDouble(), 1e-9, double.MaxValue);
            Assert.True(row.GetProperty("arenaBytes").GetInt64() > 74880 * 4);
            double seconds = row.GetProperty("seconds").GetDouble();
            Assert.Equal(row.GetProperty("tokens").GetDouble(), row.GetProperty("tokensPerSecond").GetDouble() * seconds, 1e-6);
            Assert.Equal(row.GetProperty("items").GetDouble(), row.GetProperty("itemsPerSecond").GetDouble() * seconds, 1e-6);
        });
    }

    [Fact]
    public async Task Texts_have_the_lengths_and_the_numbers_that_are_asked_for()
    {
        JsonElement[] rows = await Rows("--shapes", "a", "--work", "dpo", "--batch", "2", "--lengths", "tldr", "--clock", "cpu");
        Assert.Equal(2, rows.Single().GetProperty("items").GetDouble());
        Assert.InRange(rows.Single().GetProperty("tokens").GetDouble(), 2 * (128 + 32), 2 * (512 + 128));
    }

    [Fact]
    public async Task A_profile_accounts_for_the_whole_step()
    {
        foreach (JsonElement row in await Rows("--shapes", "S", "--work", "dpo,score", "--profile"))
        {
            JsonElement[] parts = [.. row.GetProperty("operations").EnumerateArray()];
            Assert.Contains("linear 48→192", parts.Select(part => part.GetProperty("operation").GetString()));
            Assert.Equal("whole", parts[^1].GetProperty("operation").GetString());
            Assert.Equal(1, parts[..^1].Sum(part => part.GetProperty("share").GetDouble()), 1e-9);
        }
    }

    [Fact]
    public async Task A_table_names_the_device_and_the_clock()
    {
        CommandRun run = await CommandRun.Of(
            "bench", "--shapes", "S", "--work", "score", "--batch", "2", "--threads", "1", "--seconds", "0.02");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains("cpu (", run.Output, StringComparison.Ordinal);
        Assert.Contains("wall time; matrix products ", run.Output, StringComparison.Ordinal);
        Assert.Contains("utilisation", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--shapes: expected S, M, L, a, b, c, d, e, pythia-14m,", "--shapes", "XL")]
    [InlineData("--work: expected dpo, sft, pretrain, reward, ppo, score, kl, sample, found 'train'.", "--work", "train")]
    [InlineData("--lengths tldr: shape S is measured on the world's own texts", "--shapes", "S", "--lengths", "tldr")]
    [InlineData("--clock cpu: expected --threads 1", "--clock", "cpu", "--threads", "2")]
    [InlineData("--batch: expected a whole number >= 1, found 0", "--batch", "0")]
    [InlineData("--profile is for a measurement, and --plan measures nothing", "--plan", "--profile")]
    [InlineData("--seconds is for a measurement", "--plan", "--seconds", "5")]
    [InlineData("--clock is for a measurement", "--plan", "--clock", "cpu", "--threads", "2")]
    [InlineData("--activation-checkpointing is for work that trains; kl does not.", "--work", "kl", "--activation-checkpointing")]
    public async Task Bad_input_is_refused(string message, params string[] args)
    {
        CommandRun run = await CommandRun.Of(["bench", .. args]);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static async Task<JsonElement[]> Rows(params string[] args)
    {
        CommandRun run = await CommandRun.Of(["bench", .. args, .. Short]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        return [.. json.RootElement.Clone().GetProperty("rows").EnumerateArray()];
    }
}
