using Goodhart.Alignment.Remedies;
using Xunit;

namespace Goodhart.Cli.Tests.Documents;

/// <summary>Keeps docs/guides/remedies.md true.</summary>
public sealed class RemediesPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/guides/remedies.md"));

    public static TheoryData<string> Names => [.. RemedyCatalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Has_a_section_with_formula_source_and_notes_for_every_remedy(string name)
    {
        RemedyEntry entry = RemedyCatalogue.Find(name);
        int start = Page.IndexOf($"\n### {name}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"no section on {name}");
        int end = Page.IndexOf("\n#", start + 5, StringComparison.Ordinal);
        string section = Page[start..(end < 0 ? Page.Length : end)];
        string[] promised =
        [
            entry.Formula, entry.Meaning, entry.Source, .. entry.Notes, .. entry.Elsewhere.Select(other => other.Name),
            .. entry.Parameters.Select(parameter => $"`{parameter.Name}`: {parameter.Meaning}"),
        ];
        Assert.All(promised, text => Assert.Contains(text, section, StringComparison.Ordinal));
    }

    [Fact]
    public void No_section_is_left_of_a_remedy_that_is_gone() => Assert.All(
        Page.Split('\n').Where(line => line.StartsWith("### ", StringComparison.Ordinal)),
        line => Assert.Contains(line[4..], RemedyCatalogue.All.Select(entry => entry.Name)));
}
