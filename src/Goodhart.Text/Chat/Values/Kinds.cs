using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>What a value is, and what every kind of value can be asked.</summary>
internal static class Kinds
{
    public static string Name(object value) => value switch
    {
        None => "none",
        Undefined => "undefined value",
        string or SafeText => "text",
        bool => "boolean",
        long => "integer",
        double => "float",
        ListValue { IsTuple: true } => "tuple",
        ListValue => "list",
        MapValue => "map",
        RangeValue => "range",
        MapView => "map view",
        Generator => "generator",
        NamespaceValue => "namespace",
        ICallable => "function",
        _ => "loop",
    };

    /// <summary>The name with its article, for messages.</summary>
    public static string Named(object value) => Name(value) is var name && (name[0] is 'i' or 'u') ? $"an {name}" : $"a {name}";

    /// <summary>The text of a text, marked safe or not; null for everything else.</summary>
    public static string? Text(object value) => value switch
    {
        string text => text,
        SafeText safe => safe.Text,
        _ => null,
    };

    public static bool IsTrue(object value) => value switch
    {
        bool truth => truth,
        string text => text.Length > 0,
        SafeText safe => safe.Text.Length > 0,
        None or Undefined => false,
        long number => number != 0,
        double number => number != 0,
        ListValue list => list.Items.Count > 0,
        MapValue map => map.Count > 0,
        RangeValue range => range.Length > 0,
        MapView view => view.Items.Count > 0,
        _ => true,
    };

    /// <summary>The number of items or code points.</summary>
    public static int Length(object value) => TryLength(value) ?? throw TemplateFault.Type($"{Named(value)} has no length");

    public static int? TryLength(object value) => value switch
    {
        string text => CodePoints.Count(text),
        SafeText safe => CodePoints.Count(safe.Text),
        Undefined => 0,
        ListValue list => list.Items.Count,
        MapValue map => map.Count,
        RangeValue range => range.Length,
        MapView view => view.Items.Count,
        _ => null,
    };

    public static bool IsIterable(object value) => value is Generator || TryLength(value) is not null;

    /// <summary>Goes through a value: the code points of a text, the keys of a map.</summary>
    public static IEnumerable<object> Iterate(object value, Budget budget)
    {
        foreach (object item in Items(value))
        {
            budget.Step(2);
            yield return item;
        }
    }

    public static List<object> ToList(object value, Budget budget)
    {
        budget.Step(2L * (TryLength(value) ?? 0));
        List<object> items = [];
        foreach (object item in Items(value))
        {
            budget.Step();
            items.Add(item);
        }

        return items;
    }

    private static IEnumerable<object> Items(object value) => value switch
    {
        string text => CodePoints.Split(text),
        SafeText safe => CodePoints.Split(safe.Text),
        Undefined => [],
        ListValue list => list.Items,
        MapValue map => map.Keys,
        RangeValue range => range.Items,
        MapView view => view.Items,
        Generator generator => generator.Rest(),
        _ => throw TemplateFault.Type($"{Named(value)} cannot be gone through"),
    };
}
