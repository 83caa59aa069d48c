using Xunit;

namespace Goodhart.Cli.Tests.Architecture;

/// <summary>
/// Folders know each other in one direction: within a project, namespaces have no circles. A folder and its own subfolders are one matter.
/// </summary>
public sealed class NamespaceTests
{
    /// <summary>Projects that still have circles, with how many of their namespaces lie in them. It only shrinks: whoever breaks the last
    /// one takes the project out.</summary>
    private static readonly Dictionary<string, int> StillInCircles = new()
    {
        ["Goodhart.Evaluation"] = 3,
        ["Goodhart.Report"] = 2,
        ["Goodhart.Studies"] = 14,
    };

    public static TheoryData<string> Projects => [.. SourceFile.All.Select(file => file.Project).Distinct()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_two_folders_know_each_other(string project)
    {
        string[] circles = [.. Circles([.. SourceFile.All.Where(file => file.Project == project)]).Order(StringComparer.Ordinal)];
        int allowed = StillInCircles.GetValueOrDefault(project);
        Assert.True(
            circles.Length <= allowed,
            $"{circles.Length} namespaces of {project} lie in circles, {allowed} may; move what two of them share into a "
                + $"third:\n{string.Join('\n', circles)}");
        Assert.True(allowed == 0 || circles.Length > 0, $"{project} has no circles any more: take it out of the list");
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
