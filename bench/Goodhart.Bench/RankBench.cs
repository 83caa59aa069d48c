using System.Globalization;
using BenchmarkDotNet.Attributes;
using Goodhart.Evaluation.Theory.Queries;

namespace Goodhart.Bench;

/// <summary>The graph of as many pairs as the paper's data set has, and its rank. A processor of 2024 needs about a second.</summary>
public class RankBench
{
    private const int Pairs = 92_000;

    private readonly string text = string.Join(
        ' ', Enumerable.Range(0, 200).Select(i => "word" + i.ToString(CultureInfo.InvariantCulture)));

    /// <returns>The rank.</returns>
    [Benchmark]
    public int RankOfThePapersPairs()
    {
        PreferenceGraphBuilder builder = new();
        for (int i = 0; i < Pairs; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            builder.AddPair(number + text, number + " better " + text, number + " worse " + text);
        }

        return RankReport.Of(builder.Build()).Rank;
    }
}
