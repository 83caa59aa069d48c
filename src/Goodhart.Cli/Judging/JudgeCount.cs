using Goodhart.Cli.Live;
using Goodhart.Evaluation.Judges;
using Goodhart.Studies.Tools;

namespace Goodhart.Cli.Judging;

/// <summary>A judge's progress as lines; it comes from several threads.</summary>
internal sealed class JudgeCount(TextWriter writer, bool quiet) : IProgress<JudgeProgress>
{
    private readonly Lock gate = new();
    private readonly IProgress<WorkDone> count = CountProgress.On(writer, "questions judged", quiet);
    private int shown;

    public void Report(JudgeProgress value)
    {
        lock (gate)
        {
            if (value.Done >= shown)   // reports can overtake each other
            {
                shown = value.Done;
                count.Report(new WorkDone(value.Done, value.Total));
            }
        }
    }
}
