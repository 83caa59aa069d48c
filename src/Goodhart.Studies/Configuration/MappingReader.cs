using Goodhart.Text;
using YamlDotNet.RepresentationModel;

namespace Goodhart.Studies.Configuration;

/// <summary>
/// Reads the keys of one YAML mapping and remembers which were asked for: any other key is a mistake. A mistake is reported and
/// reading goes on with a stand-in value, so that one attempt finds all of them.
/// </summary>
internal sealed class MappingReader
{
    private readonly StudyDocument document;
    private readonly YamlNode place;
    private readonly string path;
    private readonly Dictionary<string, YamlNode> values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, YamlNode> keys = new(StringComparer.Ordinal);
    private readonly List<string> known = [];

    /// <summary>The mapping itself is missing or is none: that was said, its keys are not worth a word.</summary>
    private readonly bool absent;

    public MappingReader(StudyDocument document, YamlNode node, string path, YamlNode? place = null)
    {
        (this.document, this.path, this.place) = (document, path, place ?? node);
        absent = node is not YamlMappingNode;
        IsSound = !absent;
        foreach ((YamlNode key, YamlNode value) in (node as YamlMappingNode ?? []).Children)
        {
            string name = key is YamlScalarNode { Value: { } text } ? text : NodeText.Describe(key);
            (keys[name], values[name]) = (key, value);
        }
    }

    /// <summary>Nothing was wrong so far: only then do checks across keys make sense.</summary>
    public bool IsSound { get; private set; }

    public bool Has(string key) => Find(key) is not null;

    public T Read<T>(string key, ValueRule<T> rule, T standIn) =>
        Required(key, rule.Expected) is { } value ? Scalar(key, value, rule, standIn) : standIn;

    public int Whole(string key, int min) => Read(key, ValueRule.Whole(min), Math.Max(1, min));

    /// <summary>A list of scalars, at least one.</summary>
    public IReadOnlyList<T> List<T>(string key, ValueRule<T> rule, T standIn) =>
        [.. Items(key).Select((item, i) => Scalar($"{key}[{i}]", item, rule, standIn))];

    /// <summary>One scalar or a list of them, as text.</summary>
    public IReadOnlyList<string> Texts(string key) =>
        Find(key) is YamlSequenceNode ? List(key, ValueRule.AnyText, "") : [Read(key, ValueRule.AnyText, "")];

    /// <summary>Whether a key's value is this one word.</summary>
    public bool Says(string key, string word) => Find(key) is YamlScalarNode scalar && scalar.Value == word;

    /// <summary>A file or folder, with its place for later messages.</summary>
    public StudyPath Path(string key) => new(Read(key, ValueRule.AnyText, ""), Find(key) is { } value ? document.PlaceOf(value) : "");

    /// <summary>File, line and column of a key that is there.</summary>
    public string PlaceOf(string key) => document.PlaceOf(keys[key]);

    /// <summary>A list of mappings, at least one.</summary>
    public IReadOnlyList<T> Each<T>(string key, Func<MappingReader, T> bind) =>
        [.. Items(key).Select((item, i) => Inside($"{key}[{i}]", item, item, bind))];

    public T Mapping<T>(string key, Func<MappingReader, T> bind) =>
        Required(key, "a mapping") is { } value
            ? Inside(key, value, keys[key], bind)
            : bind(new MappingReader(document, new YamlScalarNode(), Full(key)));

    /// <summary>Reports a mistake across keys at the value of one of them; nothing once the mapping is unsound.</summary>
    public void Require(bool condition, string key, string message)
    {
        if (!condition && IsSound && Find(key) is { } value)
        {
            Report(key, value, message);
        }
    }

    /// <summary>Reports every key that nobody asked for.</summary>
    /// <param name="whole">What the file is called.</param>
    public void Close(string whole = "a study")
    {
        string owner = path.Length == 0 ? whole : path;
        foreach (string name in keys.Keys.Except(known))
        {
            IsSound = false;
            document.Report(
                keys[name],
                $"unknown key '{name}'.{NearestName.Question(name, known)} Keys of {owner}: {string.Join(", ", known)}.");
        }
    }

    private T Inside<T>(string key, YamlNode value, YamlNode at, Func<MappingReader, T> bind)
    {
        if (value is not YamlMappingNode)
        {
            Report(key, value, $"expected a mapping, found {NodeText.Describe(value)}.");
        }

        MappingReader inner = new(document, value, Full(key), at);
        T result = bind(inner);
        inner.Close();
        IsSound &= inner.IsSound;
        return result;
    }

    private T Scalar<T>(string key, YamlNode value, ValueRule<T> rule, T standIn)
    {
        if (value is YamlScalarNode scalar && !NodeText.IsEmpty(scalar) && rule.TryRead(scalar, out T read))
        {
            return read;
        }

        string question = value is YamlScalarNode { Value: { } found } && rule.Names is { } names ? NearestName.Question(found, names) : "";
        Report(key, value, $"expected {rule.Expected}, found {NodeText.Describe(value)}.{question}");
        return standIn;
    }

    private IEnumerable<YamlNode> Items(string key)
    {
        YamlNode? value = Required(key, "a list");
        if (value is null or YamlSequenceNode { Children.Count: > 0 })
        {
            return value is YamlSequenceNode list ? list.Children : [];
        }

        Report(key, value, $"expected a list of at least one, found {NodeText.Describe(value)}.");
        return [];
    }

    private YamlNode? Required(string key, string expected)
    {
        YamlNode? value = Find(key);
        if (value is null && !absent)
        {
            IsSound = false;
            document.Report(place, $"missing key '{key}'{(path.Length == 0 ? "" : $" in {path}")}: expected {expected}.");
        }

        return value;
    }

    private YamlNode? Find(string key)
    {
        if (!known.Contains(key))
        {
            known.Add(key);
        }

        return values.GetValueOrDefault(key);
    }

    private void Report(string key, YamlNode at, string message)
    {
        IsSound = false;
        document.Report(at, $"{Full(key)}: {message}");
    }

    private string Full(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
