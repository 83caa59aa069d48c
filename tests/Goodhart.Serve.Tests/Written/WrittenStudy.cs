using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Steps.Describing;
using Goodhart.Steps.Lines;

namespace Goodhart.Serve.Tests.Written;

/// <summary>A study's folder with as many runs as a test wants, stored as far as it wants: the runner is the real one, what the steps say is
/// made up.</summary>
public sealed class WrittenStudy : IDisposable
{
    private static readonly string[] AllLosses = ["dpo", "ipo", "slic"];

    private static readonly double[] Fractions = [0.25, 0.5, 1];

    /// <param name="runs">Spread over three losses, then β, two sizes, then seeds.</param>
    /// <param name="midway">Called in the midst of the first run's second part.</param>
    public WrittenStudy(int runs, Action<StepContext>? midway = null)
    {
        Folder = Path.Combine(Directory.CreateTempSubdirectory("goodhart-serve-").FullName, "study");
        StudyDirectory.Claim(Folder);
        File.WriteAllLines(Path.Combine(Folder, PromptsFile.Name), Prompts.Select(JsonLines.Write));
        Sft = [.. ((string[])["S", "M"]).Select(size => Checkpoint(new CheckpointPoint { Loss = "", Model = size, Kl = 0, WinRate = 0.4, WinRateSe = 0.02 }, null))];
        Runs = [.. Enumerable.Range(0, runs).Select(run => Run(run, run == 0 ? midway : null))];
        Analysis = new WrittenAnalysis { Evaluations = [.. Sft, .. Runs.SelectMany(run => run)] };
        Runner = new Runner(new RunnerOptions { Directory = Folder, Threads = 1 });
        Runner.Announce(Runner.Plan(Analysis));
    }

    public static IReadOnlyList<AskedPrompt> Prompts { get; } =
        [new(10, "What is a scaling law?", "A law."), new(20, "And <script>alert(1)</script>?", "Text."), new(30, "Who?", "Nobody.")];

    public string Folder { get; }

    public Runner Runner { get; }

    public WrittenCheckpoint[] Sft { get; }

    /// <summary>By run, its checkpoints.</summary>
    public WrittenCheckpoint[][] Runs { get; }

    public WrittenAnalysis Analysis { get; }

    /// <summary>Computes what is missing of these steps.</summary>
    public Task StoreAsync(params Step[] steps) => Runner.RunAsync(steps, CancellationToken.None);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);

    private static WrittenCheckpoint[] Run(int run, Action<StepContext>? midway)
    {
        string loss = AllLosses[run % 3];
        double beta = 0.05 * (1 + (run / 3 % 7));
        string size = run / 21 % 2 == 0 ? "S" : "M";
        int seed = run / 42;
        WrittenSegment? segment = null;
        List<WrittenCheckpoint> checkpoints = [];
        foreach (double fraction in Fractions)
        {
            segment = new WrittenSegment
            {
                Run = FormattableString.Invariant($"{loss} β={beta:0.##} {size} seed {seed}"),
                End = (int)(100 * fraction),
                Previous = segment,
                Midway = segment is not null && checkpoints.Count == 1 ? midway : null,
            };
            double distance = 4 * fraction / (1 + (10 * beta));
            checkpoints.Add(Checkpoint(
                new CheckpointPoint
                {
                    Loss = loss,
                    Model = size,
                    Beta = Math.Round(beta, 2),
                    Seed = seed,
                    Fraction = fraction,
                    Step = segment.End,
                    Kl = distance * distance,
                    KlSe = 0.05,
                    WinRate = 0.4 + (0.3 * distance) - (0.12 * distance * distance) + (size == "M" ? 0.05 : 0),
                    WinRateSe = 0.02,
                    Length = 20 + distance,
                    LengthSe = 0.4,
                    LossValue = 0.7 - (0.05 * distance),
                    Margin = distance,
                    Accuracy = 0.6,
                    GoldReward = distance,
                    LogProbChosen = double.NaN,
                },
                segment));
        }

        return [.. checkpoints];
    }

    private static WrittenCheckpoint Checkpoint(CheckpointPoint point, WrittenSegment? policy)
    {
        WrittenMeasure measured = new()
        {
            Policy = policy,
            Who = policy is null ? $"{point.Model} SFT" : FormattableString.Invariant($"{policy.Run} {point.Fraction:P0}"),
        };
        WrittenJudge judged = new() { Measured = measured };
        return new WrittenCheckpoint { Measured = measured, Judged = judged, Gold = judged, Point = point };
    }
}
