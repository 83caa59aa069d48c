using BenchmarkDotNet.Attributes;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Tests;

namespace Goodhart.Bench;

/// <summary>Three laws fitted to 35 points by 256 prompts, with their bootstrap: two seconds at most.</summary>
public class FitBench
{
    private readonly IReadOnlyList<EvaluatedCheckpoint> study = new SimulatedStudy().Build();

    [Benchmark]
    public FitReport ThreeLaws() => FitReport.OfStudy(study, new FitOptions());
}
