using Xunit;

namespace Goodhart.Cli.Tests.Architecture;

/// <summary>Nothing is downloaded unasked: one verb can.</summary>
public sealed class DownloadTests
{
    [Fact]
    public void Only_pull_makes_what_downloads()
    {
        string[] naming =
        [
            .. SourceFile.All.Where(
                file => file.Project != "Goodhart.Hub"
                    && (
                        file.Text.Contains("HubPull", StringComparison.Ordinal)
                            || file.Text.Contains("HubClient", StringComparison.Ordinal)))
                .Select(file => Path.GetFileName(file.Path)),
        ];
        Assert.Equal(["PullVerb.cs"], naming);
    }
}
