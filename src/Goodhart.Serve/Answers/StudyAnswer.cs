namespace Goodhart.Serve.Answers;

/// <summary>What the page knows of a study, or what has changed of it.</summary>
/// <param name="Moment">What the client knows after it; see <see cref="Moment"/>.</param>
/// <param name="IsWhole">Whether what the client knew before no longer holds.</param>
/// <param name="Steps">All, or those that have changed.</param>
/// <param name="Points">The same of described checkpoints.</param>
/// <param name="Laws">Eq. (5) through the points; null: unchanged.</param>
internal sealed record StudyAnswer(
    string Moment,
    bool IsWhole,
    StudyHead Study,
    RunRow Run,
    IReadOnlyList<StepRow> Steps,
    IReadOnlyList<PointRow> Points,
    IReadOnlyList<LawRow>? Laws);

/// <param name="Folder">Its last part.</param>
/// <param name="Judge">Null: nothing decides wins.</param>
/// <param name="Files">Those of the folder that can be opened.</param>
internal sealed record StudyHead(
    string Name, string Description, string Folder, string? Judge, IReadOnlyList<string> Models, IReadOnlyList<string> Files);

/// <summary>How far the study is.</summary>
/// <param name="State">"empty", "running", "waiting", "done", "cancelled" or "failed".</param>
/// <param name="Now">The server's clock, UTC: the page's may differ.</param>
/// <param name="LastEvent">UTC; null: none.</param>
/// <param name="Worked">Share of the last run's expected work that is done, 0 to 1.</param>
/// <param name="Left">Seconds at the pace so far; null: nothing to judge by.</param>
/// <param name="ComputeSeconds">Wall time of all stored steps.</param>
internal sealed record RunRow(
    string State,
    DateTimeOffset Now,
    DateTimeOffset? Started,
    DateTimeOffset? Ended,
    DateTimeOffset? LastEvent,
    int Done,
    int Total,
    double Worked,
    double? Left,
    double ComputeSeconds);

/// <param name="Id">Its place, by which others name it among their inputs.</param>
internal sealed record StepRow(
    int Id,
    string Key,
    string Name,
    string Label,
    string State,
    IReadOnlyList<int> Inputs,
    double? Cost,
    double? Seconds,
    DateTimeOffset? Started,
    double? Fraction,
    string? Text,
    string? Error,
    IReadOnlyDictionary<string, double?>? Metrics,
    IReadOnlyDictionary<string, string>? About);

/// <summary>A described checkpoint, with six digits.</summary>
/// <param name="Id">Of its step.</param>
internal sealed record PointRow(
    int Id,
    string Model,
    string Loss,
    double? Beta,
    int Seed,
    double Fraction,
    int Step,
    int? BestOf,
    double SqrtKl,
    double? Kl,
    double? KlSe,
    double? WinRate,
    double? WinRateSe,
    double? GoldReward,
    double? GoldRewardSe,
    double? Length,
    double? LengthSe,
    double? LossValue,
    double? Margin,
    double? Accuracy,
    double? EosRate);

/// <param name="Curve">Pairs of √KL and win rate.</param>
/// <param name="Peak">√KL at its maximum; null: it has none within the points.</param>
internal sealed record LawRow(string Loss, string Model, IReadOnlyList<double?[]> Curve, double? Peak);
