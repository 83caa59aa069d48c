namespace Goodhart.Studies.Stages.Training;

/// <summary>Where a running step's measurements go at once, so that curves can be watched.</summary>
internal interface IMetricsSink
{
    void Write(MetricRow row);
}
