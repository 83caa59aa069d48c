using Goodhart.Evaluation.Points;

namespace Goodhart.Serve.Watching;

/// <summary>A step of a watched study, as far as its folder tells. Guarded by the watch's lock.</summary>
/// <param name="index">Its place among the steps, which stays.</param>
internal sealed class WatchedStep(int index, string name, string key)
{
    /// <summary>Beyond it every second value of a training curve goes.</summary>
    private const int MostTraced = 400;

    private readonly List<TracedProgress> trace = [];
    private string? label;

    public int Index => index;

    public string Name => name;

    public string Key => key;

    /// <summary>As its artifact's folder is named.</summary>
    public string Folder => $"{name}-{key}";

    /// <summary>Its name, until it has told a better one.</summary>
    public string Label { get => label ?? name; set => label = value; }

    /// <summary>Keys of what it reads.</summary>
    public IReadOnlyList<string> Inputs { get; set; } = [];

    /// <summary>What it is about; null: not told.</summary>
    public IReadOnlyDictionary<string, string>? About { get; set; }

    /// <summary>Expected work; null: not told.</summary>
    public double? Cost { get; set; }

    /// <summary>Whether the last plan had it to do.</summary>
    public bool IsToRun { get; set; }

    /// <summary>Whether it runs by itself, with events of its own.</summary>
    public bool IsAlone { get; set; }

    public WatchedState State { get; set; }

    /// <summary>Wall time of the run that stored it; null: not stored.</summary>
    public double? Seconds { get; set; }

    public DateTimeOffset? Started { get; set; }

    /// <summary>When an attempt ended last, as told: what another file tells of the time before is news no more.</summary>
    public DateTimeOffset Ended { get; set; }

    /// <summary>Share that is done, 0 to 1.</summary>
    public double Fraction { get; set; }

    /// <summary>What it is at.</summary>
    public string? Text { get; set; }

    /// <summary>Why its last attempt failed.</summary>
    public string? Error { get; set; }

    public IReadOnlyDictionary<string, double>? Metrics { get; set; }

    /// <summary>Of a described checkpoint.</summary>
    public CheckpointPoint? Point { get; set; }

    /// <summary>Of the watch, when this step changed last.</summary>
    public long Changed { get; set; }

    /// <summary>The values that its running attempt has told so far, thinned out.</summary>
    public IReadOnlyList<TracedProgress> Trace => trace;

    public void Begin(DateTimeOffset time)
    {
        trace.Clear();
        (State, Started, Fraction, Text, Error, Metrics) = (WatchedState.Running, time, 0, null, null, null);
    }

    public void Tell(double fraction, string? text, IReadOnlyDictionary<string, double>? metrics)
    {
        (Fraction, Text, Metrics) = (fraction, text ?? Text, metrics ?? Metrics);
        if (metrics is null)
        {
            return;
        }

        trace.Add(new TracedProgress(fraction, text, metrics));
        if (trace.Count > MostTraced)
        {
            int place = 0;
            trace.RemoveAll(_ => place++ % 2 == 1);
        }
    }
}

/// <summary>One report of a running step.</summary>
internal sealed record TracedProgress(double Fraction, string? Text, IReadOnlyDictionary<string, double> Metrics);
