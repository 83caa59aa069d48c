using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Goodhart.Studies.Configuration;

/// <summary>The node tree of a study file, where each node came from, and the mistakes found in it so far.</summary>
internal sealed class StudyDocument
{
    private readonly string source;
    private readonly List<(string Place, int Line, string Message)> mistakes = [];

    /// <summary>Nodes that came from a --set, with its text. YAML nodes are equal when their contents are, hence the comparer.</summary>
    private readonly Dictionary<YamlNode, string> overridden = new(ReferenceEqualityComparer.Instance);

    private StudyDocument(string source, YamlMappingNode root)
    {
        this.source = source;
        Root = root;
    }

    public YamlMappingNode Root { get; }

    /// <param name="source">The file's name in messages.</param>
    /// <param name="expected">What the file is, in words.</param>
    /// <exception cref="StudyFileException">Not YAML, a key given twice, or not one mapping.</exception>
    public static StudyDocument Parse(string source, string text, string expected = "a study (name, world, models, ...)")
    {
        YamlStream stream = Load(source, text);
        return stream.Documents switch
        {
            [{ RootNode: YamlMappingNode root }] => new StudyDocument(source, root),
            [] => throw new StudyFileException($"{source}: expected {expected}, found an empty file."),
            [{ RootNode: var other }] => throw new StudyFileException(
                $"{source}:{Position(other)}: expected {expected}, found {NodeText.Describe(other)}."),
            _ => throw new StudyFileException($"{source}: expected {expected}, found {stream.Documents.Count} YAML documents."),
        };
    }

    /// <summary>One YAML value, as --set gives it.</summary>
    /// <param name="source">What messages name.</param>
    public static YamlNode ParseValue(string source, string text) => Load(source, text).Documents switch
    {
        [var only] => only.RootNode,
        _ => throw new StudyFileException($"{source}: expected a value after '='."),
    };

    public void MarkOverridden(YamlNode node, string setting)
    {
        foreach (YamlNode inner in node.AllNodes)
        {
            overridden[inner] = setting;
        }
    }

    public void Report(YamlNode at, string message) => mistakes.Add(
        (PlaceOf(at), overridden.ContainsKey(at) ? int.MaxValue : (int)at.Start.Line, message));

    /// <summary>File, line and column, or the --set that the node came from.</summary>
    public string PlaceOf(YamlNode node) =>
        overridden.TryGetValue(node, out string? setting) ? $"--set {setting}" : $"{source}:{Position(node)}";

    /// <exception cref="StudyFileException">Something was reported; all of it, in the file's order.</exception>
    public void ThrowIfWrong()
    {
        if (mistakes.Count > 0)
        {
            throw new StudyFileException(
                [.. mistakes.OrderBy(mistake => mistake.Line).Select(mistake => $"{mistake.Place}: {mistake.Message}")]);
        }
    }

    private static string Position(YamlNode node) => FormattableString.Invariant($"{node.Start.Line}:{node.Start.Column}");

    private static YamlStream Load(string source, string text)
    {
        YamlStream stream = [];
        try
        {
            using StringReader reader = new(text);
            stream.Load(reader);
            return stream;
        }
        catch (YamlException error)
        {
            string place = FormattableString.Invariant($"{source}:{error.Start.Line}:{error.Start.Column}");
            throw new StudyFileException($"{place}: not valid YAML: {error.Message.TrimEnd('.')}.");
        }
        catch (InvalidOperationException)
        {
            // The scanner's word for some texts that run into a bracket or a comma.
            throw new StudyFileException(
                $"{source}: not valid YAML: a value that is not in quotes runs into a bracket, a comma or a colon.");
        }
    }
}
