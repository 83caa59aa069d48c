namespace Goodhart.Text.Datasets.Shapes;

/// <summary>Messages as Python prints them, which <c>datasets.to_csv</c> and pandas write where CSV has no lists.</summary>
internal static class PythonText
{
    private const int Shown = 20;

    /// <summary>A list of messages, or one message: of that both fields are asked, as a response may well be a dictionary.</summary>
    public static bool Is(string text) =>
        Starts(text, "[{'") || Starts(text, "array([{'") ? Has(text, "role") || Has(text, "from")
        : Starts(text, "{'") && ((Has(text, "role") && Has(text, "content")) || (Has(text, "from") && Has(text, "value")));

    /// <summary>What was expected and found, and what to do.</summary>
    public static string Refusal(string text)
    {
        string head = text.Length <= Shown ? text : text[..Shown] + "...";
        return $"expected a text or messages, found Python's way of writing them ({head}), which datasets.to_csv and pandas make of "
            + "lists; write the file with to_json(lines=True) or to_parquet";
    }

    private static bool Starts(string text, string start) => text.StartsWith(start, StringComparison.Ordinal);

    private static bool Has(string text, string field) => text.Contains($"'{field}':", StringComparison.Ordinal);
}
