using System.Globalization;
using System.Text.Json;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Reads the added tokens of <c>tokenizer.json</c>, and those that only <c>tokenizer_config.json</c> lists.</summary>
internal static class AddedTokenReader
{
    /// <summary>A bound on the work of matching. The longest in use are runs of some dozens of spaces.</summary>
    private const int LongestContent = 1024;

    public static List<AddedToken> Read(JsonField list, JsonDocument? config)
    {
        List<AddedToken> tokens = list.IsNull ? [] : [.. list.Items().Select(token => One(token, token["id"].Id()))];
        HashSet<string> known = new(tokens.Select(token => token.Content), StringComparer.Ordinal);
        if (config?.RootElement.ValueKind == JsonValueKind.Object
            && new JsonField(config.RootElement, "")["added_tokens_decoder"] is { IsObject: true } decoder)
        {
            tokens.AddRange(Keyed(decoder).Where(token => !known.Contains(token.Content)));
        }

        // An empty token matches nowhere.
        return [.. tokens.Where(token => token.Content.Length > 0)];
    }

    private static IEnumerable<AddedToken> Keyed(JsonField decoder)
    {
        foreach (JsonProperty entry in decoder.Value.EnumerateObject())
        {
            JsonField field = new(entry.Value, $"{TokenizerFolder.ConfigName}: {decoder.Path}['{entry.Name}']");
            yield return One(field, int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                ? id
                : throw field.Bad("its key to be an id"));
        }
    }

    private static AddedToken One(JsonField field, int id)
    {
        string content = field["content"].Text();
        bool special = field["special"].Flag(absent: false);
        return content.Length <= LongestContent
            ? new(
                id,
                content,
                field["normalized"].Flag(absent: !special),
                field["lstrip"].Flag(absent: false),
                field["rstrip"].Flag(absent: false),
                field["single_word"].Flag(absent: false),
                special)
            : throw field["content"].Bad(FormattableString.Invariant($"at most {LongestContent} characters"));
    }
}
