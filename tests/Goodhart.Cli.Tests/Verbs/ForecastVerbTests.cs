using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class ForecastVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Four groups exactly on R(d) = 0.4 + 0.2 d (1 + ln d* − ln d) with ln d* 0.3 to 0.6: runs of β 1, 0.3 and 0.1, the last far
    /// past the peak at its end.</summary>
    private static string Points { get; } =
        string.Join('\n', new[] { "loss,model,beta,fraction,kl,winRate,winRateSe", ",M,,0,0,0.4,0.02" }.Concat(
        from g in Enumerable.Range(0, 4)
        from run in new[] { (Beta: 1.0, Reach: 0.8), (Beta: 0.3, Reach: 1.6), (Beta: 0.1, Reach: 5.0) }
        from fraction in new[] { 0.25, 0.5, 0.75, 1 }
        let d = run.Reach * fraction
        let winRate = 0.4 + (0.2 * d * (1.3 + (0.1 * g) - Math.Log(d)))
        select string.Create(CultureInfo.InvariantCulture, $"loss{g},M,{run.Beta},{fraction},{d * d},{winRate},0.02")));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Says_which_runs_over_optimized_and_where_sweeps_peak()
    {
        CommandRun run = await CommandRun.Of("forecast", folder.Write("p.csv", Points), "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(
            [0.1, 0.1, 0.1, 0.1],
            report.GetProperty("declines").EnumerateArray().Where(d => d.GetProperty("worse").GetBoolean())
                .Select(d => d.GetProperty("last").GetProperty("beta").GetDouble()));

        // The first group's own ln d* is 0.3; the others say (0.4 + 0.5 + 0.6)/3.
        JsonElement first = report.GetProperty("sweeps")[0].GetProperty("forecast");
        Assert.Equal(Math.Exp(0.5), first.GetProperty("sqrtKl").GetDouble(), 6);
        Assert.Equal(6, report.GetProperty("backTest").GetArrayLength());
    }

    [Fact]
    public async Task Prints_tables_and_writes_files()
    {
        CommandRun run = await CommandRun.Of("forecast", folder.Write("p.csv", Points), "--seen", "3", "--out", folder.Path("out"));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Matches(@"loss0/M β 0\.1 +3 to 75 %", run.Output);
        Assert.Contains("significant-decline", run.Output, StringComparison.Ordinal);
        Assert.All(
            ["forecast.json", "report.html", "figures/forecast-back-test.svg", "figures/forecast-back-test.csv"],
            name => Assert.True(File.Exists(folder.Path("out/" + name))));
    }

    [Theory]
    [InlineData("no file or folder no-such", "forecast", "no-such")]
    [InlineData("--seen: expected a whole number >= 1, found 0", "forecast", "no-such", "--seen", "0")]
    [InlineData("--alpha: expected a number above 0 and below 1, found 2.", "forecast", "no-such", "--alpha", "2")]
    public async Task Bad_input_is_code_2(string message, params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
