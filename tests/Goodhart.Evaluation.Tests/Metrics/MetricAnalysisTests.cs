using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Metrics;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Xunit;

namespace Goodhart.Evaluation.Tests.Metrics;

public sealed class MetricAnalysisTests
{
    private static readonly TestOptions Options = new() { Replicates = 300 };

    [Fact]
    public void Correlations_are_pearsons()
    {
        IReadOnlyList<EvaluatedCheckpoint> study = Study(p => Noise(p, 1), (_, _) => 0.5).Build();
        MetricAnalysis analysis = MetricAnalysis.OfStudy(study, Options).Single();
        CheckpointPoint[] points = [.. study.Where(c => !c.IsSft).Select(c => c.Point)];
        Assert.Equal(Pearson(points), analysis.Pooled!.Value, 9);
        Assert.Equal(Pearson([.. points.Where(p => p.Model == "S")]), analysis.BySize["S"].Value, 9);
        Assert.Equal(["S", "M", "L"], analysis.BySize.Keys);
        Assert.Equal((105, 21), (analysis.Pooled.Checkpoints, analysis.Pooled.Runs));

        // Within: residuals about each size's mean.
        CheckpointPoint[] centred = [.. points.GroupBy(p => p.Model).SelectMany(size => size.Select(p => p with
        {
            Accuracy = p.Accuracy - size.Average(q => q.Accuracy),
            WinRate = p.WinRate - size.Average(q => q.WinRate),
        }))];
        Assert.Equal(Pearson(centred), analysis.Within!.Value, 9);
    }

    [Fact]
    public void Simpsons_paradox_is_told_from_a_relation()
    {
        // Larger models have both; within a size nothing.
        MetricAnalysis bySize = Only(Study(p => (0.05 * Size(p.Model)) + Noise(p, 0.005), (model, _) => 0.4 + (0.1 * Size(model))));
        Assert.Equal(SimpsonVerdict.OnlyBetweenSizes, bySize.Simpson);

        // Within a size the more accurate loses; sizes hide it by their own trend, or turn it round.
        MetricAnalysis reversed = Only(Study(
            p => (0.3 * Size(p.Model)) - (0.1 * p.SqrtKl), (model, d) => 0.2 + (0.15 * Size(model)) + (0.03 * d)));
        Assert.Equal(SimpsonVerdict.Reversed, reversed.Simpson);
        Assert.True(reversed.Pooled!.Value > 0.5 && reversed.Within!.Value < -0.3);

        MetricAnalysis same = Only(Study(p => 0.1 * p.SqrtKl, (_, d) => 0.3 + (0.1 * d)));
        Assert.Equal(SimpsonVerdict.None, same.Simpson);
        Assert.True(same.Within!.Interval!.Low > 0.5);
    }

    [Fact]
    public void Claims_follow()
    {
        Assert.Equal(Verdict.Supported, Decide(Study(p => (0.05 * Size(p.Model)) + Noise(p, 0.005), (m, _) => 0.4 + (0.1 * Size(m)))));
        Assert.Equal(Verdict.Contradicted, Decide(Study(p => 0.1 * p.SqrtKl, (_, d) => 0.3 + (0.1 * d))));
        Assert.Equal(Verdict.Inconclusive, Decide(Study(p => Noise(p, 1), (_, _) => 0.5)));

        static Verdict Decide(SimulatedStudy study) =>
            StudyClaims.Decide(study.Build(), Options).Single(c => c.Id == "accuracy-correlates-by-size-only/dpo").Verdict;
    }

    [Fact]
    public void Pooled_correlations_are_little_weak_or_neither()
    {
        double[] betas = [.. Enumerable.Range(1, 60).Select(i => 0.02 * i)];
        SimulatedStudy Mixed(string loss, double slope) => Study(
            p => (slope * p.WinRate!.Value) + Noise(p, 0.05),
            (_, d) => 0.3 + (0.1 * d)) with
        { Losses = [loss], Betas = betas, Prompts = 64 };
        Expect(Verdict.Supported, "little-accuracy-correlation/slic", Mixed("slic", 0));
        Expect(Verdict.Contradicted, "little-accuracy-correlation/slic", Mixed("slic", 1));
        Expect(Verdict.Inconclusive, "little-accuracy-correlation/slic", Mixed("slic", 0) with { Betas = [0.1, 0.2, 0.4] });
        Expect(Verdict.Supported, "weak-accuracy-correlation/ipo", Mixed("ipo", 0.3));
        Expect(Verdict.Contradicted, "weak-accuracy-correlation/ipo", Mixed("ipo", 3));
        Expect(Verdict.Contradicted, "weak-accuracy-correlation/ipo", Mixed("ipo", -1));
        Expect(Verdict.Inconclusive, "weak-accuracy-correlation/ipo", Mixed("ipo", 0));

        // A loss falls where performance rises: its weak relation is a negative r.
        SimulatedStudy loss = Mixed("ipo", 0.3) with
        {
            Decorate = p => p.Loss.Length == 0 ? p : p with { LossValue = 1 - (0.3 * p.WinRate) + Noise(p, 0.05) },
        };
        Expect(Verdict.Supported, "weak-loss-correlation/ipo", loss);

        static void Expect(Verdict expected, string id, SimulatedStudy study)
        {
            Claim claim = StudyClaims.Decide(study.Build(), Options).Single(c => c.Id == id);
            Assert.True(claim.Verdict == expected, $"{id}: expected {expected}, got {claim.Verdict}: {claim.Reading}");
        }
    }

    [Fact]
    public void One_size_has_no_paradox_and_a_constant_no_correlation()
    {
        MetricAnalysis one = Only(Study(p => Noise(p, 1), (_, _) => 0.5) with { Models = ["M"] });
        Assert.Null(one.Pooled);
        Assert.Null(one.Simpson);
        Assert.Empty(Only(Study(_ => 0.7, (_, _) => 0.5)).BySize);
    }

    private static MetricAnalysis Only(SimulatedStudy study) => MetricAnalysis.OfStudy(study.Build(), Options).Single();

    private static SimulatedStudy Study(Func<CheckpointPoint, double> accuracy, Func<string, double, double> winRate) => new()
    {
        Models = ["S", "M", "L"],
        WinRate = (_, model, d, _) => winRate(model, d),
        Decorate = p => p.Loss.Length == 0 ? p : p with { Accuracy = accuracy(p) },
    };

    private static int Size(string model) => "SML".IndexOf(model, StringComparison.Ordinal);

    private static double Noise(CheckpointPoint p, double scale) =>
        scale * new RandomStream(7, p.Model, (uint)(1000 * p.Beta!.Value), (uint)(10 * p.Fraction)).NextNormal();

    private static double Pearson(CheckpointPoint[] points) =>
        Correlation.Pearson([.. points.Select(p => p.Accuracy!.Value)], [.. points.Select(p => p.WinRate!.Value)])!.Value.Value;
}
