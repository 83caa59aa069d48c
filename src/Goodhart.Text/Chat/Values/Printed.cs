using System.Globalization;
using System.Text;
using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>A value as text, the way Python prints it.</summary>
internal static class Printed
{
    /// <summary>A text is itself; an undefined value is empty.</summary>
    public static string Of(object value, Budget budget)
    {
        switch (value)
        {
            case string text:
                return text;
            case SafeText safe:
                return safe.Text;
            case Undefined:
                return "";
            case long number:
                return number.ToString(CultureInfo.InvariantCulture);
            default:
                StringBuilder output = new();
                Write(value, output, budget, 0);
                return output.ToString();
        }
    }

    private static void Write(object value, StringBuilder output, Budget budget, int depth)
    {
        Budget.CheckDepth(depth);
        budget.Step(4);
        int before = output.Length;
        switch (value)
        {
            case ListValue list:
                WriteItems(list.Items, list.IsTuple ? "(" : "[", list.IsTuple ? list.Items.Count == 1 ? ",)" : ")" : "]", output, budget,
                    depth);
                return;
            case MapValue map:
                WriteMap(map, output, budget, depth);
                return;
            case MapView view:
                output.Append("dict_").Append(view.Kind).Append('(');
                WriteItems(view.Items, "[", "]", output, budget, depth);
                output.Append(')');
                return;
            case NamespaceValue names:
                output.Append("<Namespace ");
                WriteMap(names.Attributes, output, budget, depth);
                output.Append('>');
                return;
            default:
                output.Append(Scalar(value));
                budget.Hold(output.Length - before);
                return;
        }
    }

    private static string Scalar(object value) => value switch
    {
        string text => QuotedText.Of(text),
        SafeText safe => $"Markup({QuotedText.Of(safe.Text)})",
        bool truth => truth ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => Number.Text(number),
        None => "None",
        Undefined => "Undefined",
        RangeValue { Step: 1 } range => string.Create(CultureInfo.InvariantCulture, $"range({range.Start}, {range.Stop})"),
        RangeValue range => string.Create(CultureInfo.InvariantCulture, $"range({range.Start}, {range.Stop}, {range.Step})"),
        _ => throw TemplateFault.Unsupported($"printing {Kinds.Named(value)} is not supported: it would show an address in memory"),
    };

    private static void WriteItems(
        IReadOnlyList<object> items, string open, string close, StringBuilder output, Budget budget, int depth)
    {
        output.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            output.Append(i > 0 ? ", " : "");
            Write(items[i], output, budget, depth + 1);
        }

        output.Append(close);
    }

    private static void WriteMap(MapValue map, StringBuilder output, Budget budget, int depth)
    {
        output.Append('{');
        string separator = "";
        foreach ((object key, object value) in map.Entries)
        {
            output.Append(separator);
            Write(key, output, budget, depth + 1);
            output.Append(": ");
            Write(value, output, budget, depth + 1);
            separator = ", ";
        }

        output.Append('}');
    }
}
