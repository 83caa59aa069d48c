using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary><c>value[start:stop:step]</c> of texts, lists and tuples.</summary>
internal static class Slices
{
    public static object Of(object value, object start, object stop, object step, Budget budget)
    {
        if (value is Undefined missing)
        {
            throw missing.Fault();
        }

        if (value is not (string or SafeText or ListValue))
        {
            throw value is RangeValue
                ? TemplateFault.Unsupported($"slices of a range are not supported: make it a list")
                : TemplateFault.Type($"{Kinds.Named(value)} has no slices");
        }

        int length = Kinds.Length(value);
        long stride = Bound(step) ?? 1;
        if (stride == 0)
        {
            throw TemplateFault.Value($"a slice's step must not be zero");
        }

        long first = Clamped(Bound(start), length, stride > 0 ? 0 : length - 1, stride);
        long end = Clamped(Bound(stop), length, stride > 0 ? length : -1, stride);
        budget.Hold(length);
        if (value is not ListValue && stride == 1)
        {
            string text = Kinds.Text(value)!;
            int from = CodePoints.Offset(text, (int)first);
            return first >= end ? "" : text[from..(from + CodePoints.Offset(text[from..], (int)(end - first)))];
        }

        List<int> indices = [];
        for (long i = first; stride > 0 ? i < end : i > end; i += stride)
        {
            budget.Step();
            indices.Add((int)i);
        }

        return value is ListValue list
            ? new ListValue([.. indices.Select(index => list.Items[index])], list.IsTuple)
            : CodePoints.Pick(Kinds.Text(value)!, indices);
    }

    private static long? Bound(object value) => value is None
        ? null
        : Number.Integer(value) ?? throw TemplateFault.Type($"a slice's bounds are integers, {Kinds.Named(value)} found");

    private static long Clamped(long? bound, int length, long absent, long stride)
    {
        if (bound is not long asked)
        {
            return absent;
        }

        (long least, long most) = stride > 0 ? (0, length) : (-1L, length - 1L);
        return Math.Clamp(asked < 0 ? Math.Max(asked + length, least) : asked, least, most);
    }
}
