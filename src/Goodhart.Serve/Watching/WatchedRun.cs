namespace Goodhart.Serve.Watching;

/// <summary>The last run of a watched study.</summary>
/// <param name="Started">UTC.</param>
/// <param name="Outcome">"done", "cancelled" or "failed"; null: it has not ended, or its end was not told.</param>
internal sealed record WatchedRun(DateTimeOffset Started, DateTimeOffset? Ended = null, string? Outcome = null);
