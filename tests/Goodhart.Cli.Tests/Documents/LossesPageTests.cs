using Goodhart.Alignment.Losses;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Cli.Tests.Documents;

/// <summary>Keeps docs/guides/losses.md true.</summary>
public sealed class LossesPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/guides/losses.md"));

    public static TheoryData<string> Names => [.. LossCatalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Has_a_section_with_formula_source_and_drawing_for_every_loss(string name)
    {
        LossEntry entry = LossCatalogue.Find(name);
        int start = Page.IndexOf($"\n### {name}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"no section on {name}");
        int end = Page.IndexOf("\n### ", start + 1, StringComparison.Ordinal);
        string section = Page[start..(end < 0 ? Page.Length : end)];
        string[] promised =
        [
            entry.Formula, entry.Source, $"(../images/losses/{name}.svg)", .. entry.Conversions,
            .. entry.Parameters.Select(parameter => $"`{parameter.Name}`"), .. entry.Elsewhere.Select(other => other.Name),
        ];
        Assert.All(promised, text => Assert.Contains(text, section, StringComparison.Ordinal));
        Assert.True(File.Exists(Repository.PathOf($"docs/images/losses/{name}.svg")));
    }

    [Fact]
    public void No_section_and_no_drawing_is_left_of_a_loss_that_is_gone()
    {
        string[] names = [.. LossCatalogue.All.Select(entry => entry.Name)];
        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            Directory.GetFiles(
                Repository.PathOf("docs/images/losses")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        Every.Of(
            Page.Split('\n').Where(line => line.StartsWith("### ", StringComparison.Ordinal)), line => Assert.Contains(line[4..], names));
    }
}
