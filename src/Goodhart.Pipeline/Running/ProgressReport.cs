namespace Goodhart.Pipeline;

/// <summary>How far a running step is.</summary>
/// <param name="Fraction">Share that is done, 0 to 1.</param>
/// <param name="Text">What it is at, for the live table.</param>
/// <param name="Metrics">Latest values by metric name, e.g. <c>tokens_per_second</c>.</param>
public sealed record ProgressReport(double Fraction, string? Text = null, IReadOnlyDictionary<string, double>? Metrics = null);
