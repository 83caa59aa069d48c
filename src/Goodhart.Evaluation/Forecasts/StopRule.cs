namespace Goodhart.Evaluation.Forecasts;

/// <summary>When to end a run that is measured as it trains, on a gold or judge score of held-out prompts. Ask it after every measured
/// checkpoint with all of the run so far.</summary>
public abstract record StopRule
{
    /// <summary>Its name in results.json and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The rule as a sentence.</summary>
    public abstract string Words { get; }

    /// <param name="soFar">At least one checkpoint, in order of training.</param>
    public abstract StopDecision Decide(IReadOnlyList<RunMeasurement> soFar);

    /// <summary>Which of the measured checkpoints to keep: the best, unless the rule says otherwise.</summary>
    /// <returns>Its index.</returns>
    public virtual int Keep(IReadOnlyList<RunMeasurement> measured) => BestOf(measured);

    /// <summary>What <c>goodhart forecast</c> and <c>--stop-at-peak</c> use: on the default study it keeps nearly what measuring every
    /// checkpoint keeps, with few false alarms (docs/guides/forecast.md).</summary>
    public static StopRule Default { get; } = new SignificantDecline();

    /// <summary>The index of the highest score; the earliest of equals.</summary>
    protected static int BestOf(IReadOnlyList<RunMeasurement> measured)
    {
        int best = 0;
        for (int i = 1; i < measured.Count; i++)
        {
            best = measured[i].Score > measured[best].Score ? i : best;
        }

        return best;
    }
}

/// <param name="Best">Index of the checkpoint to keep if training ended now.</param>
/// <param name="Reason">One line with the numbers.</param>
public sealed record StopDecision(bool Stop, int Best, string Reason);
