namespace Goodhart.Steps.Runs.Stopping;

/// <summary>Why a watched run ended where it did: <c>stop</c> of its run.json.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Words">The rule as a sentence.</param>
/// <param name="Prompts">On which every measured checkpoint has a verdict.</param>
/// <param name="Stopped">False: the run went to its planned end.</param>
/// <param name="Reason">The rule's last decision with its numbers.</param>
/// <param name="Best">What DIR/model is a copy of.</param>
/// <param name="Measured">In order of training.</param>
public sealed record PeakRecord(
    string Rule, string Words, string Judge, PromptsRecord Source, int Prompts, bool Stopped, string Reason, PeakCheckpoint Best,
    IReadOnlyList<PeakCheckpoint> Measured);

/// <summary>The held-out prompts.</summary>
public sealed record PromptsRecord(string Path, string Sha256);

/// <param name="Checkpoint">Its folder, relative to the run's.</param>
/// <param name="Step">Updates done.</param>
/// <param name="Fraction">Of the training planned.</param>
/// <param name="WinRate">Over the data's responses, on the prompts that every measured checkpoint has a verdict for.</param>
/// <param name="WinRateSe">Over prompts.</param>
/// <param name="Kl">KL(policy‖reference), exact per token; nats per response.</param>
public sealed record PeakCheckpoint(
    string Checkpoint, int Step, double Fraction, double WinRate, double? WinRateSe, double Kl, double? KlSe);
