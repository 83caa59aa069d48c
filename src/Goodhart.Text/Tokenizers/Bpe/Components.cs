namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>What normalizers, pre-tokenizers and decoders have in common in a <c>tokenizer.json</c>.</summary>
internal static class Components
{
    /// <summary>A component, or the components of a sequence.</summary>
    /// <param name="list">Where a sequence keeps them.</param>
    public static List<JsonField> Of(JsonField field, string list) => field.Kind switch
    {
        "none" => [],
        "Sequence" => [.. field[list].Items().SelectMany(item => Of(item, list))],
        _ => [field],
    };

    /// <summary>A pattern that is a text rather than an expression.</summary>
    public static string Literal(JsonField pattern)
    {
        if (pattern["String"].IsNull)
        {
            throw pattern.Unsupported("a pattern that is an expression", "one that is a text ({\"String\": ...})");
        }

        string text = pattern["String"].Text();
        return text.Length > 0 ? text : throw pattern["String"].Bad("a text that is not empty");
    }
}
