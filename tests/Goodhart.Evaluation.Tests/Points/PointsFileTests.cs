using Goodhart.Evaluation.Points;
using Xunit;

namespace Goodhart.Evaluation.Tests.Points;

public sealed class PointsFileTests
{
    private static readonly CheckpointPoint Full = new()
    {
        Loss = "dpo",
        Beta = 0.1,
        Model = "M, \"tiny\"",
        Parameters = 216_936,
        NonEmbedding = 189_576,
        Seed = 2,
        Fraction = 1.0 / 3,
        Step = 85,
        Examples = 3_000_000_000,
        Kl = Math.PI,
        KlSe = double.Epsilon,
        KlK1 = -0.1 - 0.2,
        ForwardKl = -1e-17,
        WinRate = 0.1 + 0.2,
        WinRateSe = 1e22,
        GoldReward = double.MaxValue,
        LogProbChosen = -123.456,
    };

    private static readonly CheckpointPoint Sft = new() { Loss = string.Empty, Model = "M", Kl = 0, WinRate = 0.376 };

    [Theory]
    [InlineData("loss,sqrtKl,winRate\nd\u00e9po,0.5,0.4\n", "line 2")]
    [InlineData("l\u00f6ss,sqrtKl,winRate\ndpo,0.5,0.4\n", "line 1")]
    public void A_Latin_1_file_is_told(string content, string place)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(content));
        string refusal = Assert.Throws<InvalidDataException>(() => PointsFile.ReadCurve(path)).Message;
        File.Delete(path);
        Assert.Contains($"{place}: expected text in UTF-8, found '", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_and_reading_gives_the_same_bits()
    {
        StringWriter text = new();
        PointsFile.Write(text, [Sft, Full]);
        Assert.Equal([Sft, Full], PointsFile.ReadCheckpoints("points.csv", new StringReader(text.ToString())));
        Assert.StartsWith(
            "loss,beta,model,parameters,nonEmbedding,seed,fraction,step,examples,kl,klSe,klK1,klK1Se,"
            + "sqrtKl,forwardKl,forwardKlSe,winRate,winRateSe,",
            text.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Our_own_file_is_a_curve_too()
    {
        StringWriter text = new();
        PointsFile.Write(text, [Sft, Full]);
        CurveTable table = PointsFile.ReadCurve("points.csv", new StringReader(text.ToString()));
        Assert.Equal((0.0, Full.SqrtKl), (table.Points[0].SqrtKl, table.Points[1].SqrtKl));
        Assert.Equal(Full.WinRate, table.Points[1].WinRate);
        Assert.Equal((1e22, 3), (table.Points[1].WinRateSe, table.Points[1].Line));
        Assert.Equal(("dpo", "M, \"tiny\""), (table.Points[1].Keys["loss"], table.Points[1].Keys["model"]));
    }

    [Theory]
    [InlineData("sqrt_kl,win_rate,win_rate_se,Algo\n2,0.5,0.02,dpo\n")]
    [InlineData("KL;WINRATE;WinRateSe;Algo\n4;0.5;0.02;dpo\n")]
    [InlineData("Algo\tSqrt-KL\tWin Rate\twinrate_se\r\n\r\n dpo \t2\t0.5\t2e-2\r\n")]
    [InlineData("\uFEFFalgo,kl,winRate,winRateSe\n\"dpo\",4,0.5,0.02")]
    public void Other_spellings_separators_and_line_ends_are_read(string text)
    {
        CurveTable table = PointsFile.ReadCurve("theirs.csv", new StringReader(text));
        CurvePoint point = Assert.Single(table.Points);
        Assert.Equal((2.0, 0.5, 0.02), (point.SqrtKl, point.WinRate, point.WinRateSe));
        Assert.Equal("dpo", point.Keys[table.Column("ALGO")!]);
    }

    [Theory]
    [InlineData("", "p.csv: the file is empty")]
    [InlineData("kl,winRate\n", "p.csv: a header and no rows")]
    [InlineData("kl,step,win_rat\n1,2,0.5\n", "p.csv: no column winRate; found kl, step, win_rat. Nearest: win_rat")]
    [InlineData("step,winRate\n1,0.5\n", "p.csv: no column kl or sqrtKl; found step, winRate. Add it")]
    [InlineData("kl,winRate\n1,0.5\n2,NaN\n", "p.csv line 3, column winRate: expected a finite number, found 'NaN'")]
    [InlineData("kl,winRate\n1,0.5\n\n-inf,0.5\n", "p.csv line 4, column kl: expected a finite number, found '-inf'")]
    [InlineData("kl,winRate\n1,\n", "p.csv line 2, column winRate: no win rate")]
    [InlineData("kl,winRate\n1e999,0.5\n", "p.csv line 2, column kl: expected a finite number, found '1e999'")]
    [InlineData("kl;winRate\n1,5;0,5\n", "p.csv line 2, column kl: expected a finite number, found '1,5'; write it with a decimal point")]
    [InlineData("kl,winRate\n1,0,5\n", "p.csv line 2: expected 2 fields as in the header, found 3")]
    [InlineData("kl,winRate\n-0.5,0.5\n", "p.csv line 2, column kl: expected zero or more, found -0.5")]
    [InlineData("kl,winRate,win_rate\n1,2,3\n", "p.csv line 1: columns winRate and win_rate have the same name")]
    [InlineData("kl,winRate,winRateSe\n1,0.5,-1\n", "p.csv line 2, column winRateSe: a standard error is zero or more, found -1")]
    [InlineData("loss,kl,winRate\n,1,0.5\n", "p.csv line 2, column loss: an empty loss marks the SFT model, whose kl is 0, found 1")]
    [InlineData("kl,winRate\n\"1,0.5\n", "p.csv: not a readable CSV file")]
    public void Bad_input_is_named_with_file_line_and_column(string text, string message)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => PointsFile.ReadCurve("p.csv", new StringReader(text)));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_number_column_refuses_fractions()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            PointsFile.ReadCheckpoints("p.csv", new StringReader("loss,model,kl,winRate,step\ndpo,M,1,0.5,2.5\n")));
        Assert.Equal("p.csv line 2, column step: expected a whole number, found '2.5'.", error.Message);
    }
}
