using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Goodhart.Hub;

/// <summary>The YAML head of a README.md, between two lines of dashes.</summary>
internal static class FrontMatter
{
    /// <param name="readme">Its text; null: there is none.</param>
    /// <returns>Null without a head, or where it is no mapping.</returns>
    /// <exception cref="InvalidDataException">The head is no YAML.</exception>
    public static YamlMappingNode? Read(string? readme)
    {
        string text = readme?.TrimStart('\uFEFF').ReplaceLineEndings("\n") ?? "";
        int end = text.StartsWith("---\n", StringComparison.Ordinal) ? text.IndexOf("\n---", 3, StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            return null;
        }

        try
        {
            YamlStream yaml = [];
            yaml.Load(new StringReader(text[4..(end + 1)]));
            return yaml.Documents is [{ RootNode: YamlMappingNode root }] ? root : null;
        }
        catch (YamlException broken)
        {
            throw new InvalidDataException(
                FormattableString.Invariant($"README.md: line {broken.Start.Line + 1}: {broken.Message}"), broken);
        }
    }

    public static YamlNode? Child(this YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child) ? child : null;

    /// <summary>Of a scalar that says something.</summary>
    public static string? Text(this YamlMappingNode node, string key) =>
        node.Child(key) is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    /// <summary>Of a scalar, or of a list of them.</summary>
    public static IReadOnlyList<string> Texts(this YamlMappingNode node, string key) => node.Child(key) switch
    {
        YamlScalarNode { Value: { Length: > 0 } text } => [text],
        YamlSequenceNode list => [.. list.OfType<YamlScalarNode>().Select(item => item.Value).OfType<string>()],
        _ => [],
    };
}
