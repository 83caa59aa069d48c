using System.Text.RegularExpressions;
using Xunit;

namespace Goodhart.Cli.Tests.Documents;

/// <summary>What the documents promise exists.</summary>
public sealed partial class DocumentTests
{
    /// <summary>All there are, so that a new one is among them.</summary>
    private static readonly string[] All =
    [
        .. Directory.GetFiles(Repository.Root, "*.md")
            .Concat(((string[])["docs", "bench", "tests/golden", "studies"]).SelectMany(
                folder => Directory.GetFiles(Repository.PathOf(folder), "*.md", SearchOption.AllDirectories)))
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Pages => [.. All];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        foreach (string target in Targets(page))
        {
            string[] parts = target.Split('#');
            string file = parts[0].Length == 0 ? Repository.PathOf(page) : Path.Combine(folder, parts[0]);
            Assert.True(Path.Exists(file), $"{page} links to {target}");
            Assert.True(parts.Length == 1 || Anchors(file).Contains(parts[1]), $"{page} links to {target}, and there is no such heading");
        }
    }

    [Fact]
    public void Every_guide_is_among_the_pages_and_links_are_found()
    {
        Assert.Superset(
            Directory.GetFiles(Repository.PathOf("docs/guides"), "*.md")
                .Select(file => Path.GetRelativePath(Repository.Root, file)).ToHashSet(),
            All.ToHashSet());
        Assert.True(Targets("README.md").Length > 10, "the readme has lost its links, or they are not found");
        Assert.Contains(All.SelectMany(Targets), target => target.Contains('#', StringComparison.Ordinal));
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
        Assert.All(
            commands, command => Assert.Empty(GoodhartCommand.Create().Parse(command.Replace("[", "", StringComparison.Ordinal)).Errors));
    }

    [Fact]
    public void The_readmes_map_names_every_project()
    {
        string readme = File.ReadAllText(Repository.PathOf("README.md"));
        Assert.All(
            Directory.GetDirectories(Repository.PathOf("src")).Select(Path.GetFileName),
            project => Assert.Contains($"src/{project} ", readme, StringComparison.Ordinal));
    }

    /// <summary>Of links within the repository.</summary>
    private static string[] Targets(string page) =>
    [
        .. Link().Matches(File.ReadAllText(Repository.PathOf(page))).Select(match => match.Groups[1].Value)
            .Where(target => !target.StartsWith("http", StringComparison.Ordinal)),
    ];

    /// <summary>Of headings, as GitHub makes them.</summary>
    private static HashSet<string> Anchors(string file) => File.Exists(file)
        ? [.. Heading().Matches(File.ReadAllText(file)).Select(match => string.Concat(
            match.Groups[1].Value.Trim().ToLowerInvariant().Where(
                c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-'))]
        : [];

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^ +dotnet run -c Release --project src/Goodhart.Cli -- (.+)$", RegexOptions.Multiline)]
    private static partial Regex StudyCommand();

    [GeneratedRegex(@"^\| `goodhart ([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableCommand();
}
