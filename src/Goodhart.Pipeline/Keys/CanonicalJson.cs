using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Goodhart.Pipeline;

/// <summary>Writes values in the one form that keys are hashed from; by hand, so that no library's change renames artifacts.</summary>
/// <remarks>
/// Properties and dictionary keys are sorted by ordinal; numbers are in their shortest round-trip form; null properties are left out, so an
/// optional field that is added later keeps old keys; a nested record carries its type's name; a step stands by its hash.
/// </remarks>
internal sealed class CanonicalJson(KeyRing keys)
{
    private readonly StringBuilder written = new();
    private readonly List<Step> steps = [];
    private readonly HashSet<string> hashes = [];

    /// <summary>The steps met so far, each hash once.</summary>
    public IReadOnlyList<Step> Steps => steps;

    public override string ToString() => written.ToString();

    public CanonicalJson Append(string json)
    {
        written.Append(json);
        return this;
    }

    /// <param name="where">Property that holds the value, for messages.</param>
    public CanonicalJson Value(object? value, string where) => value switch
    {
        null => Append("null"),
        string text => Text(text),
        bool flag => Append(flag ? "true" : "false"),
        Enum name => Text(name.ToString()),
        double or float or Half => Real((IFormattable)value),
        sbyte or byte or short or ushort or int or uint or long or ulong or decimal => Append(Invariant((IFormattable)value)),
        Step step => Input(step),
        ExternalInput file => Append("{\"$content\":").Text(file.Sha256).Append("}"),
        IDictionary map => Map(map, where),
        IList list => List(list, where),
        _ => Record(value, where),
    };

    /// <summary>The keyed properties of a record, comma-separated; <paramref name="separate"/> puts a comma before the first.</summary>
    public void Fields(object record, bool separate)
    {
        foreach (PropertyInfo property in KeyedProperties.Of(record.GetType()))
        {
            if (property.GetValue(record) is { } value)
            {
                Append(separate ? "," : "").Text(property.Name).Append(":").Value(value, $"{record.GetType().Name}.{property.Name}");
                separate = true;
            }
        }
    }

    public CanonicalJson Text(string text)
    {
        written.Append('"');
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool paired = char.IsSurrogatePair(text, i) || (i > 0 && char.IsSurrogatePair(text, i - 1));
            if (c < ' ' || (char.IsSurrogate(c) && !paired))
            {
                written.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                written.Append(c is '"' or '\\' ? "\\" : "").Append(c);
            }
        }

        written.Append('"');
        return this;
    }

    private CanonicalJson Real(IFormattable value)
    {
        string text = Invariant(value);
        return char.IsAsciiDigit(text[^1]) ? Append(text) : Text(text);   // NaN and the infinities are no JSON numbers
    }

    private static string Invariant(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private CanonicalJson Input(Step step)
    {
        StepIdentity identity = keys.Of(step);
        if (hashes.Add(identity.Hash))
        {
            steps.Add(step);
        }

        return Append("{\"$step\":").Text(identity.Hash).Append("}");
    }

    private CanonicalJson List(IList list, string where)
    {
        if (list is Array { Rank: > 1 })
        {
            throw Unsupported(list, where);
        }

        Append("[");
        for (int i = 0; i < list.Count; i++)
        {
            Append(i > 0 ? "," : "").Value(list[i], where);
        }

        return Append("]");
    }

    private CanonicalJson Map(IDictionary map, string where)
    {
        SortedDictionary<string, object?> sorted = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map)
        {
            string key = entry.Key switch
            {
                string text => text,
                Enum or int or long => Invariant((IFormattable)entry.Key),
                _ => throw Unsupported(entry.Key, where),
            };
            sorted.Add(key, entry.Value);
        }

        Append("{\"$map\":{");
        string separator = "";
        foreach ((string key, object? value) in sorted)
        {
            Append(separator).Text(key).Append(":").Value(value, where);
            separator = ",";
        }

        return Append("}}");
    }

    private CanonicalJson Record(object value, string where)
    {
        Type type = value.GetType();
        if (type.Namespace?.Split('.')[0] is "System" or "Microsoft" || value is Delegate)
        {
            throw Unsupported(value, where);
        }

        Append("{\"$type\":").Text(TypeName(type));
        Fields(value, separate: true);
        return Append("}");
    }

    private static string TypeName(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(',', type.GetGenericArguments().Select(TypeName))}>"
        : type.Name;

    private static InvalidOperationException Unsupported(object value, string where) => new(
        $"{where}: a {value.GetType().Name} cannot be part of a key. Keys hold strings, numbers, booleans, enums, arrays, lists, " +
        "dictionaries, records of these, steps and external inputs; mark it [NotInKey] if it changes no result.");
}
