using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace Goodhart.Cli.Tests.Architecture;

/// <summary>Small and plain: where the lines are, and that no file is above 300, of tests neither.</summary>
public sealed class SizeTests(ITestOutputHelper output)
{
    private const int MostLines = 300;

    private const int MostColumns = 140;

    /// <summary>Projects whose folders are still no namespaces. It only shrinks.</summary>
    private static readonly string[] FoldersAlone = ["Goodhart.Engine", "Goodhart.Engine.Cpu", "Goodhart.Pipeline", "Goodhart.Text"];

    private static readonly SourceFile[] Everything = [.. SourceFile.All, .. SourceFile.Tests];

    [Fact]
    public void No_file_is_longer_than_300_lines()
    {
        foreach (IGrouping<string, SourceFile> project in Everything.GroupBy(file => file.Project))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{project.Key,-27} {project.Sum(file => file.Lines.Length),7:N0} lines, {project.Count(),4} files, "
                    + $"{project.Select(file => file.Namespace).Distinct().Count(),3} namespaces"));
        }

        output.WriteLine("");
        foreach (SourceFile file in Everything.OrderByDescending(file => file.Lines.Length).Take(20))
        {
            output.WriteLine(FormattableString.Invariant($"{file.Lines.Length,4}  {file.Path}"));
        }

        Assert.Empty(Everything.Where(file => file.Lines.Length > MostLines).Select(file => file.Path));
        Assert.True(SourceFile.All.Count > 500 && SourceFile.Tests.Count > 300, "the sources were not found");
    }

    /// <summary>The width of .editorconfig, which no formatter holds. A test may quote a longer row as it is.</summary>
    [Fact]
    public void No_line_is_longer_than_140_columns() => Assert.Empty(
        SourceFile.All.SelectMany(file => file.Lines.Select((line, i) => (file.Path, Number: i + 1, Text: line)))
            .Where(line => line.Text.Length > MostColumns)
            .Select(line => FormattableString.Invariant($"{line.Path}:{line.Number} has {line.Text.Length} columns")));

    [Fact]
    public void A_file_has_the_namespace_of_its_folder()
    {
        string[] others =
        [
            .. SourceFile.All.Where(
                file => file.Namespace != Path.GetDirectoryName(file.Path)!["src/".Length..].Replace(Path.DirectorySeparatorChar, '.'))
                .Select(file => file.Project).Distinct().Order(StringComparer.Ordinal),
        ];
        Assert.Equal(FoldersAlone, others);
    }
}
