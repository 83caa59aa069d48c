using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Goodhart.Studies.Configuration;

/// <summary>One <c>--set path=value</c>: a path like <c>align.betas</c> or <c>models[0].layers</c>, a value in YAML.</summary>
internal sealed partial record StudyOverride(string Text, IReadOnlyList<string> Steps, string Value)
{
    public static StudyOverride Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string path = equals < 0 ? text : text[..equals].Trim();
        if (equals < 0 || !PathShape().IsMatch(path))
        {
            throw new StudyFileException($"--set {text}: expected key=value with a key like align.betas or models[0].layers.");
        }

        return new StudyOverride(text, [.. path.Replace("[", ".[", StringComparison.Ordinal).Split('.')], text[(equals + 1)..].Trim());
    }

    /// <summary>Puts the value into the tree. A key that does not exist is added: binding then reports it like one in the file.</summary>
    public void Apply(StudyDocument document)
    {
        YamlNode value = StudyDocument.ParseValue($"--set {Text}", Value);
        document.MarkOverridden(value, Text);
        YamlNode parent = document.Root;
        for (int i = 0; i < Steps.Count; i++)
        {
            string path = string.Join('.', Steps.Take(i)).Replace(".[", "[", StringComparison.Ordinal);
            YamlNode? replacement = i == Steps.Count - 1 ? value : null;
            parent = Steps[i][0] == '['
                ? Element(parent, path, Steps[i], replacement)
                : Child(document, parent, path, Steps[i], replacement);
        }
    }

    private YamlNode Element(YamlNode parent, string path, string step, YamlNode? replacement)
    {
        if (parent is not YamlSequenceNode list)
        {
            throw new StudyFileException($"--set {Text}: {path} is {NodeText.Describe(parent)}, not a list.");
        }

        if (!int.TryParse(step.AsSpan(1, step.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            || index >= list.Children.Count)
        {
            throw new StudyFileException($"--set {Text}: {path} has {list.Children.Count} entries, counted from 0; found {step}.");
        }

        if (replacement is not null)
        {
            list.Children[index] = replacement;
        }

        return list.Children[index];
    }

    private YamlNode Child(StudyDocument document, YamlNode parent, string path, string step, YamlNode? replacement)
    {
        if (parent is not YamlMappingNode mapping)
        {
            throw new StudyFileException($"--set {Text}: {path} is {NodeText.Describe(parent)} and has no keys.");
        }

        YamlScalarNode key = new(step);
        if (!mapping.Children.TryGetValue(key, out YamlNode? child))
        {
            document.MarkOverridden(key, Text);
            child = new YamlMappingNode();
            document.MarkOverridden(child, Text);
            mapping.Children[key] = child;
        }

        if (replacement is not null)
        {
            mapping.Children[key] = replacement;
        }

        return replacement ?? child;
    }

    [GeneratedRegex(@"^\w+(\[\d+\])*(\.\w+(\[\d+\])*)*$")]
    private static partial Regex PathShape();
}
