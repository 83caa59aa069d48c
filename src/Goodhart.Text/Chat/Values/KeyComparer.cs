using Goodhart.Text.Chat.Safety;

namespace Goodhart.Text.Chat.Values;

/// <summary>Keys are equal as values are: 1, 1.0 and true are one key.</summary>
internal sealed class KeyComparer : IEqualityComparer<object>
{
    public static KeyComparer Instance { get; } = new();

    /// <summary>The key, if it can be one: what holds other values that are no keys cannot.</summary>
    public static object Checked(object key, int depth = 0)
    {
        Budget.CheckDepth(depth);
        switch (key)
        {
            case ListValue { IsTuple: true } tuple:
                foreach (object item in tuple.Items)
                {
                    Checked(item, depth + 1);
                }

                return key;
            case SafeText safe:
                return safe.Text;
            case string or bool or long or double or None or Undefined:
                return key;
            default:
                throw TemplateFault.Type($"{Kinds.Named(key)} cannot be a key");
        }
    }

    public new bool Equals(object? x, object? y) => Equality.Same(x!, y!);

    public int GetHashCode(object obj) => obj switch
    {
        string text => string.GetHashCode(text, StringComparison.Ordinal),
        bool truth => (truth ? 1.0 : 0.0).GetHashCode(),
        long number => ((double)number).GetHashCode(),
        double number => number.GetHashCode(),
        ListValue tuple => tuple.Items.Aggregate(17, (hash, item) => HashCode.Combine(hash, GetHashCode(item))),
        _ => 0,
    };
}
