using Xunit;

namespace Goodhart.Cli.Tests.Architecture;

/// <summary>
/// Folders know each other in one direction: within a project, namespaces have no circles. A folder and its own subfolders are one matter.
/// </summary>
public sealed class NamespaceTests
{
    /// <summary>
    /// Names that other libraries demand or that stand in two programs: none may be added without a reason beside it.
    /// </summary>
    private static readonly HashSet<string> SameMeaning = [];

    public static TheoryData<string> Projects => [.. SourceFile.All.Select(file => file.Project).Distinct()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_two_folders_know_each_other(string project)
    {
        string[] circles = [.. Circles([.. SourceFile.All.Where(file => file.Project == project)]).Order(StringComparer.Ordinal)];
        Assert.True(
            circles.Length == 0,
            $"{circles.Length} namespaces of {project} lie in circles; move what two of them share into a "
                + $"third:\n{string.Join('\n', circles)}");
    }

    [Fact]
    public void No_folder_has_one_file_alone()
    {
        string[] lonely =
        [
            .. SourceFile.All.GroupBy(file => Path.GetDirectoryName(file.Path)!)
                .Where(folder => folder.Count() == 1).Select(folder => folder.Key)
                .Where(folder => !SourceFile.All.Any(
                    file => file.Path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                    && Path.GetDirectoryName(file.Path) != folder)),
        ];
        Assert.Empty(lonely);
    }

    /// <summary>One name, one meaning: whoever reads a type's name need not ask in which folder he is.</summary>
    [Fact]
    public void No_type_name_is_declared_in_two_namespaces()
    {
        string[] twice =
        [
            .. SourceFile.All.SelectMany(file => file.Types.Select(type => (Type: type, file.Namespace))).Distinct()
                .GroupBy(declared => declared.Type).Where(name => name.Count() > 1 && !SameMeaning.Contains(name.Key))
                .Select(name => $"{name.Key} in {string.Join(", ", name.Select(declared => declared.Namespace))}"),
        ];
        Assert.Empty(twice);
    }

    [Fact]
    public void A_circle_is_found_and_a_subfolder_is_none()
    {
        SourceFile[] files =
        [
            File("P.A", "using P.B;"), File("P.B", "using P.C;"), File("P.C", "P.A.Thing? x;"), File("P.D", "using P.A;"),
            File("P.E", "using P.E.F;"), File("P.E.F", "using P.E;"),
        ];
        Assert.Equal(["P.A", "P.B", "P.C"], Circles(files).Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));

        static SourceFile File(string space, string text) => new("P", $"{space}.cs", space, $"{text}\nnamespace {space};\n");
    }

    /// <summary>Namespaces that reach themselves, each with what it uses on the way.</summary>
    private static IEnumerable<string> Circles(SourceFile[] files)
    {
        string[] spaces = [.. files.Select(file => file.Namespace).Distinct()];
        Dictionary<string, HashSet<string>> uses = spaces.ToDictionary(
            space => space,
            space => files.Where(file => file.Namespace == space).SelectMany(file => file.Uses(spaces)).Where(
                other => !IsFamily(space, other)).ToHashSet());
        return spaces.Where(space => Reached(space, uses).Contains(space))
            .Select(space => $"{space} uses {string.Join(", ", uses[space].Where(other => Reached(other, uses).Contains(space)))}");
    }

    private static HashSet<string> Reached(string from, Dictionary<string, HashSet<string>> uses)
    {
        HashSet<string> seen = [];
        Stack<string> open = new(uses[from]);
        while (open.TryPop(out string? next))
        {
            if (seen.Add(next))
            {
                foreach (string further in uses[next])
                {
                    open.Push(further);
                }
            }
        }

        return seen;
    }

    private static bool IsFamily(string one, string other) =>
        one == other || one.StartsWith(other + ".", StringComparison.Ordinal) || other.StartsWith(one + ".", StringComparison.Ordinal);
}
