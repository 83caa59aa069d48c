using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>Attributes, elements and slices. Names are looked up in tables of ours and in maps, never in .NET's types.</summary>
internal static class Lookup
{
    /// <summary><c>value.name</c>: a method of the value first, then its key.</summary>
    public static object Attribute(object value, string name, Budget budget)
    {
        budget.Step();
        return value switch
        {
            Undefined missing => throw missing.Fault(),
            NamespaceValue names => names.Attributes.Get(name, Undefined.Attribute(value, name)),
            ILoop loop => loop.Find(name) ?? Undefined.Attribute(value, name),
            _ => Methods.Find(value, name) ?? (
                value is MapValue map ? map.Get(name, Undefined.Attribute(value, name)) : Undefined.Attribute(value, name)),
        };
    }

    /// <summary><c>value[key]</c>: the element or key first, then a method of that name.</summary>
    public static object Element(object value, object key, Budget budget)
    {
        budget.Step();
        switch (value)
        {
            case Undefined missing:
                throw missing.Fault();
            case MapValue map when key is string or bool or long or double or None or ListValue { IsTuple: true }:
                if (map.TryGet(key, out object? found))
                {
                    return found;
                }

                break;
            default:
                if (Number.Integer(key) is long index && Kinds.TryLength(value) is int length && value is not (MapValue or MapView))
                {
                    index += index < 0 ? length : 0;
                    return index >= 0 && index < length
                        ? At(value, (int)index, budget)
                        : new Undefined(FormattableString.Invariant($"{Kinds.Named(value)} has no element {key}"));
                }

                break;
        }

        return Kinds.Text(key) is string name
            ? value is MapValue ? Methods.Find(value, name) ?? Undefined.Attribute(value, name) : Attribute(value, name, budget)
            : new Undefined($"{Kinds.Named(value)} has no such element");
    }

    /// <summary>An attribute by its path, as filters take it: <c>a.b.0</c>, or a number.</summary>
    public static object Path(object value, object path, Budget budget)
    {
        if (Kinds.Text(path) is not string text)
        {
            return path is None ? value : Element(value, path, budget);
        }

        foreach (string part in text.Split('.'))
        {
            budget.Step(5 + (part.Length / 8));
            bool isIndex = part.Length is > 0 and < 19 && part.All(char.IsAsciiDigit);
            value = isIndex
                ? Element(value, long.Parse(part, System.Globalization.CultureInfo.InvariantCulture), budget)
                : Element(value, part, budget);
        }

        return value;
    }

    private static object At(object value, int index, Budget budget)
    {
        switch (value)
        {
            case ListValue list:
                return list.Items[index];
            case RangeValue range:
                return range[index];
            default:
                string text = Kinds.Text(value)!;
                budget.Step(text.Length / 16);
                return CodePoints.At(text, index);
        }
    }
}
