using System.Text.RegularExpressions;
using Xunit;

namespace Goodhart.Cli.Tests.Documents;

/// <summary>What the documents promise exists.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Pages =>
    [
        "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/glossary.md", "docs/metrics.md",
        "docs/guides/default-study.md", "docs/guides/your-own-model.md", "docs/guides/rlhf-options.md",
        .. Directory.GetFiles(Repository.PathOf("docs/decisions"), "*.md").Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        string[] targets = [.. Link().Matches(File.ReadAllText(Repository.PathOf(page))).Select(match => match.Groups[1].Value)];
        Assert.All(targets.Where(target => !target.StartsWith("http", StringComparison.Ordinal)), target => Assert.True(
            Path.Exists(Path.Combine(folder, target)), $"{page} links to {target}"));
    }

    [Fact]
    public void The_readme_shows_commands_that_are_understood()
    {
        string readme = File.ReadAllText(Repository.PathOf("README.md"));
        string[] commands =
        [
            .. StudyCommand().Matches(readme).Select(match => match.Groups[1].Value),
            .. TableCommand().Matches(readme).Select(match => match.Groups[1].Value.Trim('[', ']')),
        ];
        Assert.Contains("study", commands);
        Assert.Contains("where eq. 5", commands);
        Assert.All(commands, command => Assert.Empty(GoodhartCommand.Create().Parse(command.Replace("[", "", StringComparison.Ordinal)).Errors));
    }

    [Fact]
    public void The_readmes_map_names_every_project()
    {
        string readme = File.ReadAllText(Repository.PathOf("README.md"));
        Assert.All(
            Directory.GetDirectories(Repository.PathOf("src")).Select(Path.GetFileName),
            project => Assert.Contains($"src/{project} ", readme, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^ +dotnet run -c Release --project src/Goodhart.Cli -- (.+)$", RegexOptions.Multiline)]
    private static partial Regex StudyCommand();

    [GeneratedRegex(@"^\| `goodhart ([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableCommand();
}
