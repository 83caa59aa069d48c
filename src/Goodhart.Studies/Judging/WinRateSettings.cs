using Goodhart.Text.Datasets;

namespace Goodhart.Studies.Judging;

/// <summary>What <see cref="WinRateRun"/> compares.</summary>
/// <param name="A">A file of responses.</param>
/// <param name="B">Another, or a data set.</param>
/// <param name="Against">A third, or a data set: A and B are judged against it rather than against each other. Null: A against B.</param>
/// <param name="Limit">So many prompts of those that all files have; null: all.</param>
/// <param name="Seed">Of the choice of prompts, of the retested pairs and of bootstraps.</param>
/// <param name="Retest">So many pairs are put to the judge a second time.</param>
/// <param name="AgreeWith">The folder of another run on the same pairs.</param>
public sealed record WinRateSettings(
    string A, string B, string? Against, RowReading Reading, int? Limit, ulong Seed, int Retest, string? AgreeWith);
