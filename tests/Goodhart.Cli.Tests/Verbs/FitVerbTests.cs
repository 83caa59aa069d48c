using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class FitVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Points exactly on R(d) = 0.5 + d (0.3 − 0.2 ln d), whose peak is at d = exp(0.3/0.2 − 1) = 1.649.</summary>
    private static string Curve { get; } = string.Join('\n',
        new[] { 0.25, 0.5, 1, 1.5, 2, 3 }
            .Select(d => string.Create(CultureInfo.InvariantCulture, $"dpo,M,{d * d},{0.5 + (d * (0.3 - (0.2 * Math.Log(d))))}"))
            .Prepend(",M,0,0.5").Prepend("loss,model,kl,win_rate"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Finds_the_law_that_made_the_points()
    {
        CommandRun run = await CommandRun.Of("fit", folder.Write("p.csv", Curve), "--law", "gao");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Matches(@"dpo/M +gao +alpha 0\.3 ± 0 +beta 0\.2 ± 0 +0\.5 \(sft\) +6 +0 +0 +1\.6487", run.Output);
    }

    [Fact]
    public async Task Json_has_all_laws_and_nothing_else_is_printed()
    {
        CommandRun run = await CommandRun.Of("fit", folder.Write("p.csv", Curve), "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(
            ["gao", "quadratic-sqrt-kl", "quadratic-kl", "gao-logit"],
            json.RootElement.GetProperty("fits").EnumerateArray().Select(fit => fit.GetProperty("law").GetString()));
    }

    [Fact]
    public async Task Writes_files_and_writes_them_again()
    {
        string points = folder.Write("p.csv", Curve);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(ExitCode.Done, (await CommandRun.Of("fit", points, "--out", folder.Path("fits"))).Code);
        }

        Assert.Equal(9, File.ReadAllLines(folder.Path("fits/fits.csv")).Length);
        Assert.Contains("\"law\": \"gao\"", File.ReadAllText(folder.Path("fits/fits.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("52.3", "found 52.3; where it is in percent, divide it by 100, and its standard error")]
    [InlineData("100", "divide it by 100")]
    [InlineData("1.01", "divide it by 100")]
    [InlineData("-0.2", "found -0.2; another score can be fitted once it is scaled to that range")]
    [InlineData("250", "another score")]
    public async Task A_win_rate_is_no_percentage(string rate, string advice)
    {
        CommandRun run = await CommandRun.Of("fit", folder.Write("p.csv", $"loss,kl,winRate\n,0,0.5\ndpo,1,0.6\ndpo,2,{rate}\ndpo,3,1\n"));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("p.csv line 4, column winRate: expected a win rate from 0 to 1, ", run.Error, StringComparison.Ordinal);
        Assert.Contains(advice, run.Error, StringComparison.Ordinal);
        run = await CommandRun.Of(
            "forecast", folder.Write("q.csv", $"loss,model,beta,fraction,step,kl,winRate\n,M,,0,0,0,0.5\ndpo,M,0.1,0.5,1,1,{rate}\n"));
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("q.csv line 3, column winRate: expected a win rate from 0 to 1, ", run.Error, StringComparison.Ordinal);
        run = await CommandRun.Of("fit", folder.Path("p.csv"), "--sft-win-rate", "50");
        Assert.Contains("--sft-win-rate: expected a number from 0 to 1, found 50.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_do_not_write_into_one_folder()
    {
        string points = folder.Write("p.csv", Curve);
        using (Pipeline.HeldDirectory held = Pipeline.HeldDirectory.Take(folder.Path("fits")))
        {
            CommandRun refused = await CommandRun.Of("fit", points, "--out", held.Path);
            Assert.Equal(ExitCode.BadInput, refused.Code);
            Assert.Contains("is in use by another run", refused.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(folder.Path("fits/fits.json")));
        }

        Assert.Equal(ExitCode.Done, (await CommandRun.Of("fit", points, "--out", folder.Path("fits"))).Code);
    }

    [Fact]
    public async Task The_sft_win_rate_can_be_given()
    {
        string points = folder.Write("p.csv", Curve.Replace(",M,0,0.5\n", "", StringComparison.Ordinal));
        CommandRun missing = await CommandRun.Of("fit", points);
        Assert.Equal((ExitCode.BadInput, ""), (missing.Code, missing.Output));
        Assert.Contains("--sft-win-rate", missing.Error, StringComparison.Ordinal);
        Assert.Contains("0.45 (sft)", (await CommandRun.Of("fit", points, "--sft-win-rate", "0.45")).Output, StringComparison.Ordinal);
        Assert.Contains("(none)", (await CommandRun.Of("fit", points, "--intercept", "none")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_by_what_is_asked()
    {
        string points = folder.Write("p.csv", Curve);
        Assert.Contains(" M ", (await CommandRun.Of("fit", points, "--group-by", "model")).Output, StringComparison.Ordinal);
        CommandRun run = await CommandRun.Of("fit", points, "--group-by", "modle");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("Nearest: model", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_NaN_is_refused_with_its_line()
    {
        CommandRun run = await CommandRun.Of(
            "fit", folder.Write("p.csv", Curve.Replace("dpo,M,1,", "dpo,M,NaN,", StringComparison.Ordinal)));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains("line 5", run.Error, StringComparison.Ordinal);
        Assert.Contains("NaN", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbose_adds_the_stack_trace() => Assert.Contains(
        "   at ", (await CommandRun.Of("fit", "--verbose", folder.Write("p.csv", "kl,winRate\n1,x\n"))).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("no points file no-such.csv", "fit", "no-such.csv")]
    [InlineData(
        "--law: expected gao, quadratic-sqrt-kl, quadratic-kl, gao-logit, found 'goa'. Did you mean 'gao'?", "fit", "no-such.csv", "--law", "goa")]
    public async Task Bad_input_is_code_2(string message, params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_something_else_is_left_alone()
    {
        string points = folder.Write("p.csv", Curve);
        CommandRun run = await CommandRun.Of("fit", points, "--out", folder.Root);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Equal([points], Directory.GetFileSystemEntries(folder.Root));
    }
}
