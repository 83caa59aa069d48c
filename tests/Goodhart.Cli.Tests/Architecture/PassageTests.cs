using Xunit;

namespace Goodhart.Cli.Tests.Architecture;

/// <summary>What stands in two files stands in a third that both use.</summary>
public sealed class PassageTests
{
    private const int MostEqualLines = 11;

    /// <summary>Kernels of several widths, which the compiler is to see whole.</summary>
    private const string WidthVariants = "src/Goodhart.Engine.Cpu/Kernels/";

    [Fact]
    public void No_twelve_lines_are_the_same_in_two_files()
    {
        IEnumerable<SourceFile> files = SourceFile.All.Where(
            file => !file.Path.Replace(Path.DirectorySeparatorChar, '/').StartsWith(WidthVariants, StringComparison.Ordinal));
        Assert.Empty(Repeated(files));
    }

    [Fact]
    public void A_repeated_passage_is_found()
    {
        string[] twelve = [.. Enumerable.Range(0, MostEqualLines + 1).Select(i => $"line {i};")];
        SourceFile other = File("b.cs", ["other;", "", .. twelve.Select(line => "    " + line)]);
        Assert.Equal(["a.cs and b.cs: line 0;"], Repeated([File("a.cs", twelve), other]));
        Assert.Empty(Repeated([File("a.cs", twelve[1..]), other]));

        static SourceFile File(string path, string[] lines) => new("P", path, "P", $"using Q;\nnamespace P;\n{string.Join('\n', lines)}\n");
    }

    /// <summary>The first passage that each two files share; blank lines, indents and usings do not count.</summary>
    private static IEnumerable<string> Repeated(IEnumerable<SourceFile> files)
    {
        Dictionary<string, string> first = [];
        HashSet<(string, string)> told = [];
        foreach (SourceFile file in files)
        {
            string[] lines = [.. file.Lines.Select(line => line.Trim()).Where(line => line.Length > 0 && !IsHead(line))];
            for (int start = 0; start + MostEqualLines < lines.Length; start++)
            {
                string passage = string.Join('\n', lines, start, MostEqualLines + 1);
                if (first.TryAdd(passage, file.Path) || first[passage] == file.Path || !told.Add((first[passage], file.Path)))
                {
                    continue;
                }

                yield return $"{first[passage]} and {file.Path}: {lines[start]}";
            }
        }
    }

    private static bool IsHead(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) || line.StartsWith("namespace ", StringComparison.Ordinal);
}
