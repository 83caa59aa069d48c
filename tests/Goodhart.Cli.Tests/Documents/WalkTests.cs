using System.Text.RegularExpressions;
using Xunit;

namespace Goodhart.Cli.Tests.Documents;

/// <summary>The way of a value through the house, as docs/architecture.md has it.</summary>
public sealed partial class WalkTests
{
    private const int MostFiles = 17;

    private static readonly (bool InHand, string Path, string Text)[] Walk =
    [
        .. Item().Matches(File.ReadAllText(Repository.PathOf("docs/architecture.md"))).Select(
            item => (item.Groups[1].Length > 0, item.Groups[2].Value, Code(item.Groups[2].Value))),
    ];

    [Fact]
    public void A_value_is_in_the_hands_of_at_most_17_files_from_the_study_file_to_figure_1()
    {
        Assert.InRange(Walk.Count(file => file.InHand), 2, MostFiles);
        Assert.EndsWith("StudyVerb.cs", Walk[0].Path, StringComparison.Ordinal);
        Assert.Contains(Walk, file => file.InHand && file.Path.EndsWith("WinRateAgainstKl.cs", StringComparison.Ordinal));
        Assert.Equal(Walk.Length, Walk.DistinctBy(file => file.Path).Count());
    }

    /// <summary>From the record that the study file becomes to the figure; before it the number is one of any list's.</summary>
    [Fact]
    public void Those_in_bold_name_it_and_the_others_do_not_compute_with_it()
    {
        int record = Array.FindIndex(Walk, file => file.Path.EndsWith("StudyDefinition.cs", StringComparison.Ordinal));
        Assert.InRange(record, 1, Walk.Length / 2);
        Assert.All(Walk[record..].Where(file => file.InHand), file => Assert.Matches(Named(), file.Text));
        Assert.All(Walk[record..].Where(file => !file.InHand), file => Assert.DoesNotMatch(Computed(), file.Text));
    }

    [Fact]
    public void Each_file_names_another_or_is_named_by_it() => Assert.All(Walk, file => Assert.Contains(
        Walk, other => other.Path != file.Path && (Names(other.Text, TypeOf(file.Path)) || Names(file.Text, TypeOf(other.Path)))));

    private static bool Names(string text, string type) => Regex.IsMatch(text, $@"\b{type}\b");

    private static string TypeOf(string path) => Path.GetFileNameWithoutExtension(path);

    private static string Code(string path) => Comment().Replace(File.ReadAllText(Repository.PathOf(path)), "");

    [GeneratedRegex(@"^\d+\. (\*\*)?\[\w+\.cs\]\(\.\./(src/[\w./]+\.cs)\)", RegexOptions.Multiline)]
    private static partial Regex Item();

    [GeneratedRegex(@"\b[Bb]etas?\b")]
    private static partial Regex Named();

    /// <summary>β in arithmetic.</summary>
    [GeneratedRegex(@"\bBeta [*/+-] |[*/+-] (\w+\.)?Beta\b")]
    private static partial Regex Computed();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();
}
