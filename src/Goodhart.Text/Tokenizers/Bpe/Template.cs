namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>
/// What the file's post-processing would put before and behind a text. It is recorded, not applied: prompts and responses are encoded
/// apart here, and only the caller knows where a text starts and ends. Anything beyond one token on either side is refused.
/// </summary>
internal sealed record Template(int? Before, int? After)
{
    private const string Supported = "ByteLevel, and TemplateProcessing with at most one special token before and one behind the text";

    public static Template Read(JsonField field)
    {
        Template template = new(null, null);
        List<JsonField> steps = field.Kind switch
        {
            "none" => [],
            "Sequence" => [.. field["processors"].Items()],
            _ => [field],
        };
        foreach (JsonField step in steps)
        {
            // ByteLevel here only moves offsets, which nobody asks for.
            template = step.Kind switch
            {
                "ByteLevel" => template,
                "TemplateProcessing" when template == new Template(null, null) => Single(step),
                string other => throw step.Unsupported($"the post-processor {other}", Supported),
            };
        }

        return template;
    }

    private static Template Single(JsonField step)
    {
        List<JsonField> pieces = [.. step["single"].Items()];
        int text = pieces.FindIndex(piece => !piece["Sequence"].IsNull);
        if (text is not (0 or 1) || pieces.Count > text + 2)
        {
            throw step["single"].Unsupported($"a template of {pieces.Count} pieces", Supported);
        }

        return new(
            text == 1 ? Id(step, pieces[0]) : null,
            pieces.Count > text + 1 ? Id(step, pieces[text + 1]) : null);
    }

    private static int Id(JsonField step, JsonField piece)
    {
        JsonField ids = step["special_tokens"][piece["SpecialToken"]["id"].Text()]["ids"];
        return ids.Items().ToList() is [JsonField id] ? id.Id() : throw ids.Unsupported("a special token of several ids", Supported);
    }
}
