namespace Goodhart.Steps.Runs.Stopping;

/// <summary>What an alarm said of a run's checkpoints: <c>alarm</c> of its run.json.</summary>
/// <param name="Table">What it was learnt from: a file, or "shipped".</param>
/// <param name="TableRuns">Runs of the table.</param>
/// <param name="Threshold">The alarm is raised from here on.</param>
/// <param name="Worth">How often such an alarm is wrong, as a sentence.</param>
/// <param name="Missing">Indicators that this run does not measure.</param>
/// <param name="StopAt">Null: nothing was to be stopped.</param>
/// <param name="Stopped">False: the run went to its planned end.</param>
/// <param name="Reason">Why it ended where it did.</param>
/// <param name="Kept">What DIR/model is a copy of.</param>
/// <param name="Measured">In order of training.</param>
public sealed record AlarmRecord(
    string Table, int TableRuns, double Threshold, string Worth, IReadOnlyList<string> Missing, PromptsRecord Source, double? StopAt,
    bool Stopped, string Reason, string Kept, IReadOnlyList<AlarmedCheckpoint> Measured);

/// <param name="Checkpoint">Its folder, relative to the run's.</param>
/// <param name="Step">Updates done.</param>
/// <param name="Fraction">Of the training planned.</param>
/// <param name="Kl">KL(policy‖reference), exact per token; nats per response.</param>
/// <param name="Probability">That the run's win rate is past its peak here.</param>
/// <param name="Raised">From the threshold on.</param>
public sealed record AlarmedCheckpoint(string Checkpoint, int Step, double Fraction, double Kl, double Probability, bool Raised);
