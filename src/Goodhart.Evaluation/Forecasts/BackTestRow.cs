namespace Goodhart.Evaluation.Forecasts;

/// <summary>What a user who had followed a rule in every run of a study would have kept. An element of results.json's forecasts.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Words">The rule as a sentence.</param>
/// <param name="Runs">Runs it was tried on.</param>
/// <param name="WinRate">Of the kept checkpoints, mean over runs.</param>
/// <param name="Lost">The oracle's win rate minus that: the oracle keeps each run's best checkpoint by all prompts.</param>
/// <param name="LostSe">Over runs.</param>
/// <param name="Worst">The largest loss of a run, over both halves of the prompts where it is measured on one and scored on the
/// other.</param>
/// <param name="Training">Mean share of the epoch trained.</param>
/// <param name="Stops">Runs ended early.</param>
/// <param name="FalseAlarms">Of these, where a later checkpoint beats all before it by more than the margin.</param>
public sealed record BackTestRow(
    string Rule,
    string Words,
    int Runs,
    double WinRate,
    double Lost,
    double? LostSe,
    double Worst,
    double Training,
    double Stops,
    double FalseAlarms);
