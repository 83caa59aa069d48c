using System.Globalization;
using Goodhart.Cli.Live;
using Goodhart.Evaluation.Judges;
using Goodhart.Steps.Lines;

namespace Goodhart.Cli.Judging;

/// <summary>
/// A judge's progress as lines: what is judged and paid now and then, and what is waited for. It comes from several threads.
/// </summary>
internal sealed class JudgeCount(TextWriter writer, bool quiet) : IProgress<JudgeProgress>
{
    private readonly Lock gate = new();
    private readonly CountProgress count = new(writer, "question", "judged", quiet);
    private int shown;

    public void Report(JudgeProgress value)
    {
        if (quiet)
        {
            return;
        }

        lock (gate)
        {
            if (value.Trouble is { } trouble)
            {
                writer.WriteRemark(trouble);
            }
            else if (value.Done >= shown)   // reports can overtake each other
            {
                shown = value.Done;
                count.Report(
                    new WorkDone(value.Done, value.Total), value.Cost is { } cost
                        ? string.Create(CultureInfo.InvariantCulture, $", ${cost:0.00##} paid or under way")
                        : "");
            }
        }
    }
}
