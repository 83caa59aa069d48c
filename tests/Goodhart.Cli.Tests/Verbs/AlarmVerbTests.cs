using System.Globalization;
using System.Text.Json;
using Goodhart.Evaluation.Alarms;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

public sealed class AlarmVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>One run, with what `evaluate` measures; its KL and its responses run away.</summary>
    private static string Points { get; } = string.Join('\n', new[]
    {
        "loss,model,beta,seed,fraction,step,kl,length,eosRate,repetition,logProbChosen,logProbRejected,entropy,marginSpread,accuracy,lengthR2",
        ",M,,0,0,0,0,16,0.99,0.01,-25,-27,0.8,,,",
    }.Concat(Enumerable.Range(1, 4).Select(i => string.Create(
        CultureInfo.InvariantCulture,
        $"dpo,M,0.05,0,{i / 4.0},{64 * i},{1.5 * i * i},{16 + (4 * i)},{0.99 - (0.02 * i)},{0.02 * i},{-25 - (4 * i)},{-27 - (7 * i)},{0.8 - (0.05 * i)},{3 * i},0.7,0.3"))));

    /// <summary>Runs of two losses under two noises; where responses grow by a third the peak is passed.</summary>
    private static string Table { get; } = string.Join('\n', new[]
    {
        "world,labeller,noise,model,loss,beta,seed,fraction,step,kl,winRate,outcome,past,sqrtKl,lengthGrowth,accuracy,marginSpread",
    }.Concat(
        from run in Enumerable.Range(0, 16)
        from i in Enumerable.Range(1, 4)
        let growth = (0.05 * (run % 4)) + (0.1 * i)
        select string.Create(
            CultureInfo.InvariantCulture,
            $"w,a,{0.25 * (run / 8)},M,{(run % 2 == 0 ? "dpo" : "ipo")},{0.1 * (1 + run)},0,{i / 4.0},{64 * i},{i * i},0.5,")
            + (0.35 < (0.05 * (run % 4)) + 0.4 ? "peaked" : "rising") + (growth > 0.35 ? ",1," : ",0,")
            + string.Create(CultureInfo.InvariantCulture, $"{i},{growth},0.7,{3 * i}")));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_shipped_table_has_every_indicator_but_three()
    {
        CommandRun run = await CommandRun.Of("alarm", "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        // Its runs have no reward model, one seed, and were measured before hidden states were.
        Assert.Equal(
            ["chesChange", "explicitPerImplicit", "seedAgreement"],
            report.GetProperty("missing").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal(Indicators.All.Count - 3, report.GetProperty("test").GetProperty("inputs").GetArrayLength());
        Assert.Equal(0, report.GetProperty("runs").GetArrayLength());
        Assert.InRange(report.GetProperty("threshold").GetDouble(), 0.01, 0.99);
    }

    [Fact]
    public async Task The_guide_says_what_the_shipped_table_says()
    {
        CommandRun run = await CommandRun.Of("alarm");
        string guide = File.ReadAllText(Repository.PathOf("docs/guides/alarm.md"));
        string[] lines = run.Output.Split('\n');
        Assert.Contains(lines.Single(line => line.StartsWith("Against", StringComparison.Ordinal)), guide, StringComparison.Ordinal);
        Assert.Contains(
            lines[0]["What that is worth. ".Length..], guide, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_tested_with_what_it_has_left_out_in_turn()
    {
        CommandRun run = await CommandRun.Of("alarm", "--table", folder.Write("t.csv", Table), "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        JsonElement test = report.GetProperty("test");
        Assert.Equal(
            ["loss", "noise"], test.GetProperty("leftOut").EnumerateArray().Select(left => left.GetProperty("factor").GetString()!));
        Assert.Equal(
            ["sqrtKl", "lengthGrowth", "marginSpread", "accuracy"],
            test.GetProperty("inputs").EnumerateArray().Select(input => input.GetString()!));
        Assert.All(test.GetProperty("leftOut").EnumerateArray(), left => Assert.True(
            left.GetProperty("alarm").GetProperty("area").GetProperty("value").GetDouble() > 0.8));
    }

    [Fact]
    public async Task Points_of_any_origin_get_an_alarm_from_what_they_have()
    {
        CommandRun run = await CommandRun.Of("alarm", folder.Write("p.csv", Points), "--table", folder.Write("t.csv", Table), "--out", folder.Path("out"));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Matches(@"dpo/M β 0\.05 +100 % +4\.90 +\d+ %", run.Output);
        Assert.Matches("so not seen: klAcceleration, klAsymmetry, [a-zA-Z, ]+, dataFall, lengthR2, chesChange, explicitPerImplicit, seedAgreement\\.", run.Output);
        Assert.Contains("Against the fraction of the run, KL, and both together", run.Output, StringComparison.Ordinal);
        Assert.All(
            ["alarm.json", "report.html", "figures/alarm-roc.svg", "figures/alarm-calibration.csv"],
            name => Assert.True(File.Exists(folder.Path("out/" + name)), name));
    }

    [Fact]
    public async Task An_evaluation_without_a_judge_is_enough()
    {
        string evaluation = "checkpoint,step,kl,length\nreference,,0,16\nrun/step-64,64,2,20\nrun/step-128,128,9,30\n";
        CommandRun run = await CommandRun.Of("alarm", folder.Write("evaluation.csv", evaluation), "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        JsonElement one = Assert.Single(JsonDocument.Parse(run.Output).RootElement.GetProperty("runs").EnumerateArray());
        Assert.Equal(
            [64, 128], one.GetProperty("checkpoints").EnumerateArray().Select(checkpoint => checkpoint.GetProperty("step").GetInt32()));
        Assert.Equal(JsonValueKind.Null, one.GetProperty("outcome").ValueKind);
    }

    [Fact]
    public async Task A_study_becomes_a_table_to_learn_from()
    {
        string study = folder.Path("study");
        string[] small =
        [
            "study", "--preset", "smoke", "--set", "pretrain.examples=64", "--set", "sft.examples=32", "--set", "align.losses=[dpo]",
            "--set", "align.betas=[0.1]", "--set", "align.pairs=64", "--set", "evaluate.prompts=4", "--set", "evaluate.heldOutPairs=4",
            "--set", "evaluate.hiddenSimilarity=true",
            "--set", "labeller={noise: 0.25}", "--out", study, "--quiet",
        ];
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(small)).Code);
        CommandRun run = await CommandRun.Of("alarm", study, "--collect", folder.Path("table.csv"));
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        AlarmTable table = AlarmTable.Read(folder.Path("table.csv"));
        Assert.Equal([0.5, 1], table.Rows.Select(row => row.Fraction));
        Assert.All(table.Rows, row =>
        {
            Assert.Equal(("tldr 0", "length bias 0.06 temperature 1.25", 0.25), (row.World, row.Labeller, row.Noise));

            // At a KL of rounding's size the two directions may add up to less than nothing.
            string[] absent = ["klAsymmetry", "explicitPerImplicit", "seedAgreement"];
            Assert.All(Indicators.All.Zip(row.Values).Where(pair => !absent.Contains(pair.First.Name)), pair => Assert.NotNull(pair.Second));
        });

        // Written again it is the same; and the finished study, or one whose points are not written yet, gets its alarm.
        using StringWriter again = new();
        table.Write(again);
        Assert.Equal(File.ReadAllText(folder.Path("table.csv")), again.ToString());
        CommandRun finished = await CommandRun.Of("alarm", study, "--json");
        string points = File.ReadAllText(Path.Combine(study, "points.csv"));
        File.Delete(Path.Combine(study, "points.csv"));
        CommandRun running = await CommandRun.Of("alarm", study, "--json");
        Assert.Equal((ExitCode.Done, finished.Output), (running.Code, running.Output));

        // Where the steps were cleaned away, points.csv and its standard errors are enough; but peaks by them are others, and that is said.
        File.WriteAllText(Path.Combine(study, "points.csv"), points);
        Directory.Delete(Path.Combine(study, "steps"), recursive: true);
        CommandRun bare = await CommandRun.Of("alarm", study, "--collect", folder.Path("bare.csv"));
        Assert.Equal(ExitCode.Done, bare.Code);
        Assert.Contains("outcomes by prompt are gone with its steps", bare.Error, StringComparison.Ordinal);
        AlarmTable kept = AlarmTable.Read(folder.Path("bare.csv"));
        Assert.Equal(table.Rows.Select(row => (row.Fraction, row.WinRate)), kept.Rows.Select(row => (row.Fraction, row.WinRate)));
    }

    [Theory]
    [InlineData("no file or folder no-such", "alarm", "no-such")]
    [InlineData("expected one folder, or --collect", "alarm", "a", "b")]
    [InlineData("expected the studies' folders before it", "alarm", "--collect", "t.csv")]
    [InlineData("--collect takes folders of finished studies", "alarm", "no-such", "--collect", "t.csv")]
    [InlineData("a table is collected without it", "alarm", "no-such", "--collect", "t.csv", "--detection", "0.9")]
    [InlineData("--detection: expected a number above 0 and below 1, found 1.", "alarm", "--detection", "1")]
    public async Task Bad_input_is_code_2(string message, params string[] args)
    {
        CommandRun run = await CommandRun.Of(args);
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no row of the SFT model", "loss,model,kl,step\ndpo,M,1,10\n")]
    [InlineData("there is no run to give an alarm for", "loss,model,kl,step\n,M,0,0\n")]
    [InlineData("no column kl", "loss,model,step\ndpo,M,10\n")]
    public async Task Points_without_what_an_alarm_needs_are_told(string message, string points)
    {
        CommandRun run = await CommandRun.Of("alarm", folder.Write("p.csv", points));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no column world", "loss,kl\ndpo,1\n")]
    [InlineData("expected peaked, rising or undecided, found 'up'", "tldr,a,0,M,dpo,0.1,0,1,10,1,0.5,up,1\n")]
    [InlineData("expected 1, 0 or nothing, found '2'", "tldr,a,0,M,dpo,0.1,0,1,10,1,0.5,peaked,2\n")]
    [InlineData("an alarm needs both", "tldr,a,0,M,dpo,0.1,0,1,10,1,0.5,peaked,1\n")]
    public async Task A_wrong_table_is_told_with_its_place(string message, string rows)
    {
        const string Header = "world,labeller,noise,model,loss,beta,seed,fraction,step,kl,winRate,outcome,past\n";
        string text = rows.StartsWith("tldr", StringComparison.Ordinal) ? Header + rows : rows;
        CommandRun run = await CommandRun.Of("alarm", "--table", folder.Write("t.csv", text));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
