namespace Goodhart.Cli.Tests.Judging;

/// <summary>Files of responses whose better one has the larger number.</summary>
internal static class Responses
{
    public static string Write(TemporaryFolder folder, string name, int count, Func<int, int> number) => folder.Write(
        name,
        string.Concat(
            Enumerable.Range(0, count).Select(
                i => FormattableString.Invariant($"{{\"prompt\":\"post {i}\",\"response\":\"summary {number(i)}\"}}\n"))));
}
