namespace Goodhart.Steps.Training;

/// <summary>Where a running step's measurements go at once, so that curves can be watched.</summary>
public interface IMetricsSink
{
    void Write(MetricRow row);
}
