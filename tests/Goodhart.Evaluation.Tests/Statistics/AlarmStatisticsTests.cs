using System.Text.Json;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Statistics;

/// <summary>Against tests/golden/stats/alarm.json: regressions with 60 digits, curves in exact fractions.</summary>
public sealed class AlarmStatisticsTests
{
    public static TheoryData<string> Regressions => [.. GoldenStatistics.Cases("alarm.json", "ridge").Select(c => c.Name())];

    public static TheoryData<string> Curves => [.. GoldenStatistics.Cases("alarm.json", "roc").Select(c => c.Name())];

    [Theory]
    [MemberData(nameof(Regressions))]
    public void Ridge_logistic_agrees_with_many_digits(string name)
    {
        JsonElement golden = GoldenStatistics.Cases("alarm.json", "ridge").Single(c => c.Name() == name);
        double[] design = [.. golden.GetProperty("x").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(v => v.GetDouble()))];
        double[] fit = RidgeLogistic.Fit(design, golden.Doubles("y"), golden.Double("penalty"));
        Assert.All(
            golden.Doubles("coefficients").Zip(fit),
            pair => GoldenStatistics.Close(pair.First, pair.Second, name, relative: 1e-9, absolute: 1e-10));
    }

    [Fact]
    public void Ridge_logistic_refuses_what_has_no_answer()
    {
        Assert.Contains("same", Assert.Throws<ArgumentException>(() => RidgeLogistic.Fit([1, 2], [1, 1], 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RidgeLogistic.Fit([1, 2], [0, 1], 0));
        Assert.Throws<ArgumentException>(() => RidgeLogistic.Fit([1, 2, 3], [0, 1], 1));
        Assert.Throws<InvalidDataException>(() => RidgeLogistic.Fit([1, double.NaN], [0, 1], 1));
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void A_curve_agrees_with_counting_pairs(string name)
    {
        JsonElement golden = GoldenStatistics.Cases("alarm.json", "roc").Single(c => c.Name() == name);
        RocCurve curve = new(
            golden.Doubles("scores"), [.. golden.GetProperty("positive").EnumerateArray().Select(truth => truth.GetBoolean())]);
        double[] counts = golden.Doubles("counts");
        GoldenStatistics.Close(golden.Double("area"), curve.Area(counts), name);
        foreach (JsonElement at in golden.GetProperty("at").EnumerateArray())
        {
            RocPoint point = curve.At(at.Double("detected"), counts)!.Value;
            GoldenStatistics.Close(at.Double("threshold"), point.Threshold, $"{name}, threshold");
            GoldenStatistics.Close(at.Double("reached"), point.Detected, $"{name}, detected");
            GoldenStatistics.Close(at.Double("falseAlarms"), point.FalseAlarms, $"{name}, false alarms");
        }
    }

    [Fact]
    public void A_curve_goes_from_corner_to_corner_and_has_its_area_below()
    {
        RocCurve curve = new([0.9, 0.8, 0.8, 0.3, 0.1], [true, true, false, false, true]);
        IReadOnlyList<RocPoint> points = curve.Points();
        Assert.Equal((0, 0), (points[0].Detected, points[0].FalseAlarms));
        Assert.Equal((1.0, 1.0), (Math.Round(points[^1].Detected, 12), Math.Round(points[^1].FalseAlarms, 12)));
        Assert.Equal([0.9, 0.8, 0.3, 0.1], points.Skip(1).Select(point => point.Threshold));
        double area = points.Zip(points.Skip(1), (a, b) => (b.FalseAlarms - a.FalseAlarms) * (a.Detected + b.Detected) / 2).Sum();
        Assert.Equal(area, curve.Area()!.Value, 12);
        Assert.Null(new RocCurve([0.5, 0.6], [true, true]).Area());
        Assert.Null(new RocCurve([0.5, 0.6], [true, true]).At(0.8));
    }

    [Fact]   // three cases at 0.2, of which one happened; two at 0.9, of which two did
    public void Probabilities_are_held_to_what_happened()
    {
        ProbabilityCheck check = ProbabilityCheck.Of([0.2, 0.2, 0.2, 0.9, 0.9], [true, false, false, true, true]);
        Assert.Equal((0.64 + 0.04 + 0.04 + 0.01 + 0.01) / 5, check.Brier, 12);
        Assert.Equal(0.6 * 0.4, check.BaseBrier, 12);
        Assert.Equal(((3 * ((1 / 3.0) - 0.2)) + (2 * 0.1)) / 5, check.Error, 12);
        Assert.Equal([3, 2], check.Bins.Select(bin => bin.Count));
        Assert.Equal([1], ProbabilityCheck.Of([1], [true]).Bins.Select(bin => bin.Observed));
        Assert.Throws<ArgumentException>(() => ProbabilityCheck.Of([], []));
    }
}
