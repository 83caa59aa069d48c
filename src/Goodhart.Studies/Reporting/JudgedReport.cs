using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Goodhart.Evaluation.Claims;
using Goodhart.Evaluation.Fits;
using Goodhart.Evaluation.Judges.Reports;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Statistics;
using Goodhart.Steps.Runs;
using Goodhart.Studies.Results;
using Goodhart.Text;

namespace Goodhart.Studies.Reporting;

/// <summary>
/// The report of a judged evaluation, as a study has one: results.json, which <c>goodhart report</c> reads, figures and report.html.
/// </summary>
public static class JudgedReport
{
    /// <param name="directory">Of the evaluation.</param>
    /// <param name="version">Of the program.</param>
    public static void Write(string directory, EvaluateSettings settings, JudgedFolders judged, string version)
    {
        IReadOnlyList<EvaluatedCheckpoint> checkpoints = judged.Checkpoints;
        ReferenceSize reference = judged.Reference;
        WinRate[] rates = [.. judged.WinRates.Select(checkpoint => checkpoint.WinRate)];
        if (checkpoints[0].Outcomes.Win.Length < 2)
        {
            return;   // nothing can be compared in pairs
        }

        ulong seed = settings.Sampling.Seed;
        FitReport fits = FitReport.OfStudy(checkpoints, new FitOptions { Seed = seed });
        FitReport free = FitReport.OfStudy(checkpoints, new FitOptions { Seed = seed, Intercept = InterceptKind.Free });
        CheckpointPoint[] points = [.. checkpoints.Select(checkpoint => checkpoint.Point)];
        CheckpointPoint[] aligned = [.. points.Skip(1)];
        int missing = rates.Sum(rate => rate.Unparsable + rate.Refused);
        using Process process = Process.GetCurrentProcess();
        StudyReport.Write(
            new StudyResults
            {
                Study = new StudySummary(
                    Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)),
                    $"Checkpoints evaluated against {reference.Name}; wins over the data's responses decided by "
                        + $"{settings.Judge!.Name}.{Told(judged.Position)}",
                    [new ModelSummary(reference.Name, reference.Parameters, reference.NonEmbedding, new Dictionary<string, double>())],
                    [.. aligned.Select(point => point.Loss).Distinct(StringComparer.Ordinal)],
                    [.. aligned.Select(point => point.Beta).OfType<double>().Distinct().Order()],
                    [.. aligned.Select(point => point.Fraction).Distinct().Order()],
                    [.. aligned.Select(point => point.Seed).Distinct().Order()],
                    0,
                    checkpoints[0].Outcomes.Win.Length,
                    StudySummary.ConventionAt(settings.Sampling.Temperature),
                    version,
                    StudySummary.ThisMachine(),
                    RuntimeInformation.ProcessArchitecture.ToString(),
                    [
                        "Training is not part of an evaluation: the pairs it used are not counted here.",
                        .. missing == 0 ? (string[])[] : [FormattableString.Invariant($"{missing} of {rates.Sum(rate => rate.Pairs)} ")
                            + FormattableString.Invariant($"verdicts {Quantity.Noun(missing, "is", "are")} missing; comparisons use the ")
                            + FormattableString.Invariant($"prompts that every checkpoint has one for.")],
                        .. fits.Skipped,
                    ]),
                Points = points,
                Fits = [.. fits.Fits, .. free.Fits],
                Claims = StudyClaims.Decide(checkpoints, new TestOptions { Seed = seed }),
                Samples = [],
                Cost = new StudyCost(0, 0, 0, process.PeakWorkingSet64, []),
            },
            directory);
    }

    /// <summary>Over all checkpoints; nothing for a judge without positions.</summary>
    private static string Told(PositionBias? position) => position is null ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $" The response that was shown first won {position.FirstWins:P1} [{position.Interval.Low:0.000}, {position.Interval.High:0.000}] "
            + $"of {position.Verdicts:N0} verdicts (p {position.P:G3} against a half).")
        + (
            position.Inconsistent is { } share
                ? string.Create(CultureInfo.InvariantCulture, $" {share:P1} of pairs change with the order.")
                : "");
}
