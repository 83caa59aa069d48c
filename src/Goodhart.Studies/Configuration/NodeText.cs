using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Goodhart.Studies.Configuration;

/// <summary>What a YAML node is called in messages.</summary>
internal static class NodeText
{
    public static string Describe(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode list => list.Children.Count == 0 ? "an empty list" : $"a list of {list.Children.Count}",
        YamlScalarNode scalar when IsEmpty(scalar) => "nothing",
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => scalar.Value!,
        YamlScalarNode scalar => $"the text '{scalar.Value}'",
        _ => "something else",
    };

    /// <summary>A key without a value, <c>~</c> or <c>null</c>.</summary>
    public static bool IsEmpty(YamlScalarNode scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";
}
