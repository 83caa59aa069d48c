using System.Text.Json;

namespace Goodhart.Text.Tokenizers;

/// <summary>
/// Which tokens end, start and pad a text. <c>tokenizer.json</c> does not say; <c>tokenizer_config.json</c> does, or else the older
/// <c>special_tokens_map.json</c>, or for the end of text the model's <c>generation_config.json</c> and <c>config.json</c> by id.
/// </summary>
internal sealed class SpecialTokenNames(TokenizerFolder folder)
{
    private static readonly string[] ByText = [TokenizerFolder.ConfigName, TokenizerFolder.SpecialMapName];
    private static readonly string[] ById = ["generation_config.json", "config.json"];

    /// <summary>The text of a special token such as <c>pad_token</c>, or null.</summary>
    public string? Text(string key) => ByText.Select(file => Find(file, key, AsText)).FirstOrDefault(text => text is not null);

    /// <summary>The end-of-text token: its text, or only its id where the model's own files alone name it.</summary>
    public (string? Text, int? Id) EndOfText()
    {
        if (Text("eos_token") is string text)
        {
            return (text, null);
        }

        int? id = ById.Select(file => Find(file, "eos_token_id", AsId)).FirstOrDefault(found => found is not null);
        return id is null
            ? throw new TokenizerException(
                $"the tokenizer has no eos_token in {TokenizerFolder.ConfigName}, nor is one named in {TokenizerFolder.SpecialMapName} or " +
                $"{string.Join(" or ", ById)} beside it. Add \"eos_token\" to {TokenizerFolder.ConfigName}.")
            : (null, id);
    }

    /// <summary>Whether <c>tokenizer_config.json</c> asks for the start token before every text.</summary>
    public bool AddsStart() =>
        Find(TokenizerFolder.ConfigName, "add_bos_token", (value, _, _) => (bool?)(value.ValueKind == JsonValueKind.True)) ?? false;

    private T? Find<T>(string file, string key, Func<JsonElement, string, string, T?> read)
    {
        using JsonDocument? json = folder.Json(file);
        return json?.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(key, out JsonElement value)
            && value.ValueKind != JsonValueKind.Null
            ? read(value, key, file)
            : default;
    }

    /// <summary>A special token is written as its text or, by older tools, as an object with <c>content</c>.</summary>
    private static string? AsText(JsonElement value, string key, string file)
    {
        JsonElement text = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out JsonElement content)
            ? content
            : value;
        return text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : throw new TokenizerException($"the tokenizer has a {key} that is no text in {file}.");
    }

    /// <summary>Some models name several ids; the first is the one that ends a text in training.</summary>
    private static int? AsId(JsonElement value, string key, string file)
    {
        JsonElement first = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 ? value[0] : value;
        return first.ValueKind == JsonValueKind.Number && first.TryGetInt32(out int id)
            ? id
            : throw new TokenizerException($"the tokenizer has a {key} that is no id in {file}.");
    }
}
