using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Studies.Results;

namespace Goodhart.Serve.Watching;

/// <summary>The steps that the page knows by name, as their folders have it.</summary>
internal static class StepNames
{
    /// <summary>Ends the graph of a whole study.</summary>
    public static string Analysis { get; } = StepName.FromType(typeof(AnalyseStudy));

    private static readonly string[] Descriptions =
        [StepName.FromType(typeof(DescribeCheckpoint)), StepName.FromType(typeof(DescribeBestOfN))];

    /// <summary>Whether its result is a described checkpoint.</summary>
    public static bool IsDescription(string name) => Descriptions.Contains(name);
}
