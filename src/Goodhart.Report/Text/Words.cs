namespace Goodhart.Report.Text;

public static class Words
{
    /// <summary>1 run, 2 runs.</summary>
    public static string Count(int count, string noun) => $"{Numbers.Count(count)} {noun}{(count == 1 ? string.Empty : "s")}";
}
