namespace Goodhart.Report.Charts;

/// <summary>How a line is broken: lines without markers differ in it as well as in colour.</summary>
public enum LineDash
{
    Solid,
    Dashed,
    DashDotted,
}
