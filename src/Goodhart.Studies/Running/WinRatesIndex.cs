using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Pipeline;
using Goodhart.Report.Text;
using Goodhart.Steps.Judging;

namespace Goodhart.Studies.Running;

/// <summary>winrates.csv: a row per judged checkpoint or pool, with Wilson's 95 % interval, what is missing, and the file of its verdicts,
/// where the judge leaves one.</summary>
internal static class WinRatesIndex
{
    private const string Name = "winrates.csv";

    private static readonly string[] Header =
    [
        "model", "loss", "beta", "seed", "fraction", "step", "winRate", "winRateSe", "low", "high", "prompts", "wins", "ties", "losses",
        "identical",
        "unparsable", "refused", "verdicts",
    ];

    public static void Write(string directory, IReadOnlyList<SampledRow> rows, Runner runner)
    {
        AtomicFile.WriteAllText(
            Path.Combine(directory, Name),
            new CsvTable(Header, [.. rows.Where(row => row.Judged is not null).Select(Row)]).Write());

        object?[] Row(SampledRow row)
        {
            JudgeCheckpoint judged = row.Judged!;
            WinRate rate = runner.Read(judged).WinRate;
            string verdicts = Path.Combine(runner.DirectoryOf(judged), VerdictFile.Name);
            return
            [
                row.Model, row.Loss, row.Beta, row.Seed, row.Fraction, row.Update,
                rate.Rate, rate.StandardError, rate.Interval.Low, rate.Interval.High, rate.Prompts, rate.Wins, rate.Ties, rate.Losses,
                rate.Identical,
                rate.Unparsable, rate.Refused,
                File.Exists(verdicts) ? Path.GetRelativePath(directory, verdicts).Replace('\\', '/') : null,
            ];
        }
    }
}
