using Goodhart.Pipeline;
using Goodhart.Serve.Watching;

namespace Goodhart.Serve.Answers;

/// <summary>How far a study is, from its steps.</summary>
internal static class RunRows
{
    public static RunRow Of(StudyFold fold, IReadOnlyList<WatchedStep> steps, DateTimeOffset now)
    {
        WatchedRun? run = fold.Run;
        WatchedStep[] mine = [.. steps.Where(step => step.IsToRun)];
        double total = mine.Sum(step => step.Cost ?? 1);
        double worked = mine.Sum(step => (step.Cost ?? 1) * Share(step));
        DateTimeOffset? end = run?.Ended ?? now;
        string state = State(run, steps);
        return new RunRow(
            state,
            now,
            run?.Started,
            run?.Ended,
            fold.LastEvent,
            steps.Count(step => step.State == WatchedState.Done),
            steps.Count,
            total > 0 ? worked / total : steps.Count > 0 ? 1 : 0,
            state == "running" && run is not null ? TimeLeft.Of(end.Value - run.Started, worked, total)?.TotalSeconds : null,
            steps.Sum(step => step.Seconds ?? 0));
    }

    private static double Share(WatchedStep step) => step.State switch
    {
        WatchedState.Done => 1,
        WatchedState.Running => step.Fraction,
        _ => 0,
    };

    private static string State(WatchedRun? run, IReadOnlyList<WatchedStep> steps) => run switch
    {
        _ when steps.Count == 0 => "empty",
        _ when steps.Any(step => step.State == WatchedState.Running) => "running",
        _ when steps.All(step => step.State == WatchedState.Done) => "done",
        { Outcome: { } outcome } => outcome == "done" ? "waiting" : outcome,
        _ when steps.Any(step => step.State is WatchedState.Failed or WatchedState.Lost or WatchedState.Skipped) => "failed",
        _ => "waiting",
    };
}
