using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Pipeline;
using Goodhart.Report.Text;
using Goodhart.Studies.Judging;
using Goodhart.Studies.Stages.Judging;
using Goodhart.Studies.Stages.Measuring;

namespace Goodhart.Studies.Running;

/// <summary>winrates.csv: a row per judged checkpoint, with Wilson's 95 % interval, what is missing, and the file of its verdicts.</summary>
internal static class WinRatesIndex
{
    private const string Name = "winrates.csv";

    private static readonly string[] Header =
    [
        "model", "loss", "beta", "seed", "fraction", "step", "winRate", "winRateSe", "low", "high", "prompts", "wins", "ties", "losses", "identical",
        "unparsable", "refused", "verdicts",
    ];

    public static void Write(string directory, IReadOnlyList<DescribeCheckpoint> checkpoints, Runner runner)
    {
        AtomicFile.WriteAllText(
            Path.Combine(directory, Name),
            new CsvTable(Header, [.. checkpoints.Where(checkpoint => checkpoint.Judged is not null).Select(Row)]).Write());

        object?[] Row(DescribeCheckpoint checkpoint)
        {
            CheckpointJudging judged = checkpoint.Judged!;
            WinRate rate = runner.Read(judged).WinRate;
            return
            [
                checkpoint.ModelName, checkpoint.Loss, checkpoint.Beta, checkpoint.AlignmentSeed, checkpoint.Fraction, checkpoint.Update,
                rate.Rate, rate.StandardError, rate.Interval.Low, rate.Interval.High, rate.Prompts, rate.Wins, rate.Ties, rate.Losses, rate.Identical,
                rate.Unparsable, rate.Refused,
                Path.GetRelativePath(directory, Path.Combine(runner.DirectoryOf(judged), VerdictFile.Name)).Replace('\\', '/'),
            ];
        }
    }
}
