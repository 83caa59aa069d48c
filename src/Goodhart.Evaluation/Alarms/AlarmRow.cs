namespace Goodhart.Evaluation.Alarms;

/// <summary>A checkpoint of a run whose whole win-rate curve is known: a row of a table to learn from.</summary>
/// <param name="World">Seed of the world or data that the run is of.</param>
/// <param name="Labeller">Who labelled the pairs: its bias in words.</param>
/// <param name="Noise">Share of the labels turned round.</param>
/// <param name="Loss">With its remedies.</param>
/// <param name="Values">By indicator, in the order of <see cref="Indicators.All"/>; null where not measured.</param>
/// <param name="Past">Whether the checkpoint is past the run's peak; null where that is undecided.</param>
public sealed record AlarmRow(
    string World, string Labeller, double Noise, string Model, string Loss, double? Beta, int Seed, double Fraction, int Step, double Kl,
    double WinRate, RunOutcome Outcome, bool? Past, IReadOnlyList<double?> Values)
{
    /// <summary>The run that the checkpoint is of.</summary>
    public (string World, string Labeller, double Noise, string Model, string Loss, double? Beta, int Seed) Run =>
        (World, Labeller, Noise, Model, Loss, Beta, Seed);
}
