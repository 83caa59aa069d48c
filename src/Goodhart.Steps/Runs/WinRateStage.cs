using System.Text.Json;
using Goodhart.Evaluation.Judges;
using Goodhart.Pipeline;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Lines;
using Goodhart.Steps.Publishing;

namespace Goodhart.Steps.Runs;

/// <summary>Win rates of files of responses under a judge: verdicts.jsonl, winrate.json and run.json in the run's folder.</summary>
public static class WinRateStage
{
    private static readonly JsonSerializerOptions Layout = new(JsonLines.Options) { WriteIndented = true, NewLine = "\n" };

    /// <param name="agreeWith">The folder of another run on the same pairs; null: none.</param>
    /// <param name="forecast">Told what was read and what the judge will be asked, before it is.</param>
    /// <exception cref="InvalidDataException">The files or the folder cannot be used; nothing was asked.</exception>
    /// <exception cref="StepFailedException">
    /// The judge cannot be reached, or its budget is used up; running again asks for the rest.
    /// </exception>
    public static async Task<WinRateResult> RunAsync(
        ComparedFiles files, JudgeChoice choice, string? agreeWith, StageEnvironment environment,
        Action<JudgedFiles, JudgeForecast> forecast,
        IProgress<JudgeProgress> progress, CancellationToken cancel)
    {
        JudgedFiles judged = files.Read();
        IReadOnlyDictionary<string, Outcome>? others = agreeWith is null ? null : VerdictFile.ReadOthers(agreeWith, judged.First);
        using StageRun run = new(environment, "winrate");
        using JudgeSession session = JudgeSession.Open(choice, run.Directory);
        run.Services.Add(session).Add(progress);
        forecast(judged, session.Forecast(judged.Pairs));
        IReadOnlyList<PairJudgement> judgements = await JudgePairs.JudgeAsync(
            run.Runner, session, files, run.Directory, cancel).ConfigureAwait(false);
        WinRateResult result = WinRateReport.Of(judged, session.Judge.Identity, judgements, others, files.Seed);
        AtomicFile.WriteAllText(Path.Combine(run.Directory, "winrate.json"), JsonSerializer.Serialize(result, Layout) + "\n");
        RunFolder.WriteRecord(run.Directory, new
        {
            stage = "winrate",
            judge = result.Judge,
            inputs = new[] { files.A, files.B, files.Against }.OfType<InputFile>()
                .Zip(files.Names, (file, name) => new { path = name, file.Sha256 }),
            files.Limit,
            files.Seed,
            files.Retest,
            choice.Orders,
        });
        return result;
    }
}
