using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class BenchVerbTests
{
    [Fact]
    public async Task Measures_training_and_evaluation_against_the_peak()
    {
        CommandRun run = await CommandRun.Of("bench", "--shapes", "S", "--threads", "1", "--seconds", "0.05", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement[] rows = [.. json.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(["dpo step", "pretrain step", "sampling", "scoring"], rows.Select(row => row.GetProperty("work").GetString()));
        Assert.All(rows, row => Assert.Equal(74880, row.GetProperty("parameters").GetInt64()));
        Assert.All(rows, row => Assert.InRange(row.GetProperty("utilisation").GetDouble(), 1e-4, 1.5));
    }

    [Fact]
    public async Task A_profile_accounts_for_the_whole_step()
    {
        CommandRun run = await CommandRun.Of("bench", "--shapes", "S", "--threads", "1", "--seconds", "0.05", "--profile", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        using JsonDocument json = JsonDocument.Parse(run.Output);
        foreach (JsonElement row in json.RootElement.GetProperty("rows").EnumerateArray())
        {
            JsonElement[] parts = [.. row.GetProperty("operations").EnumerateArray()];
            Assert.Contains("linear 48→192", parts.Select(part => part.GetProperty("operation").GetString()));
            Assert.Equal("whole", parts[^1].GetProperty("operation").GetString());
            Assert.Equal(1, parts[..^1].Sum(part => part.GetProperty("share").GetDouble()), 1e-9);
        }
    }

    [Fact]
    public async Task An_unknown_shape_is_bad_input()
    {
        CommandRun run = await CommandRun.Of("bench", "--shapes", "XL");
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("expected S, M, L, found 'XL'", run.Error, StringComparison.Ordinal);
    }
}
