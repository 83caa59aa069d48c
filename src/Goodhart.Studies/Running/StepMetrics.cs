using Goodhart.Steps.Training;

namespace Goodhart.Studies.Running;

/// <summary>
/// In a study the training steps' own progress is what is watched, and their results hold the curves: nothing else is written.
/// </summary>
internal sealed class StepMetrics : IMetricsSink
{
    public void Write(MetricRow row)
    {
    }
}
