using BenchmarkDotNet.Attributes;
using Goodhart.Pipeline;
using Goodhart.Pipeline.Tests;

namespace Goodhart.Bench;

/// <summary>Seven hundred steps in ten layers planned: well under a second.</summary>
public class PlanBench
{
    private readonly Sum graph = Layers(width: 70, depth: 10);
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-plan").FullName;

    [Benchmark]
    public int SevenHundredSteps() => new Runner(folder).Plan(graph).Steps.Count;

    [GlobalCleanup]
    public void Remove() => Directory.Delete(folder, recursive: true);

    private static Sum Layers(int width, int depth)
    {
        Step<double>[] layer = [.. Enumerable.Range(0, width).Select(i => new Sum { Terms = [], Tag = $"0/{i}" })];
        for (int level = 1; level < depth; level++)
        {
            Step<double>[] below = layer;
            layer =
            [
                .. Enumerable.Range(0, width).Select(i => new Sum { Terms = [below[i], below[(i + 1) % width]], Tag = $"{level}/{i}" }),
            ];
        }

        return new Sum { Terms = layer, Tag = "top" };
    }
}
