using System.Text.RegularExpressions;

namespace Goodhart.Cli.Tests.Architecture;

/// <summary>A file of C#, as its text says what it is and uses.</summary>
internal sealed partial record SourceFile(string Project, string Path, string Namespace, string Text)
{
    /// <summary>Of <c>src</c>.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = Below("src");

    /// <summary>Of <c>tests</c>.</summary>
    public static IReadOnlyList<SourceFile> Tests { get; } = Below("tests");

    public string[] Lines => Text.Split('\n');

    /// <summary>The types it declares, nested ones left out.</summary>
    public IEnumerable<string> Types => TypeLine().Matches(Text).Select(match => match.Groups[1].Value);

    /// <summary>
    /// Namespaces among <paramref name="known"/> that it names: in a using (an unneeded one does not build) or before a type.
    /// </summary>
    public IEnumerable<string> Uses(IReadOnlyCollection<string> known)
    {
        HashSet<string> named = [.. Usings().Matches(Text).Select(match => match.Groups[1].Value)];
        return known.Where(
            space =>
                named.Contains(space) || named.Any(name => name.StartsWith(space + ".", StringComparison.Ordinal) && !known.Contains(name))
            || Regex.IsMatch(Text, $@"(?<![\w.""]){Regex.Escape(space)}\.[A-Z]\w*(?![\w.]*;)"));
    }

    private static SourceFile[] Below(string folder) =>
    [
        .. from project in Directory.GetDirectories(Repository.PathOf(folder)).Order(StringComparer.Ordinal)
           from path in Directory.GetFiles(project, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           let text = File.ReadAllText(path)
           where NamespaceLine().IsMatch(text)
           select new SourceFile(
               System.IO.Path.GetFileName(project), System.IO.Path.GetRelativePath(Repository.Root, path),
               NamespaceLine().Match(text).Groups[1].Value, text),
    ];

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(
        @"^(?:public|internal) (?:(?:static|sealed|abstract|readonly|partial|unsafe) )*(?:record struct|record|class|struct|interface|enum) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^using (?:static |\w+ = )?([\w.]+)(?:<.*>)?;", RegexOptions.Multiline)]
    private static partial Regex Usings();
}
