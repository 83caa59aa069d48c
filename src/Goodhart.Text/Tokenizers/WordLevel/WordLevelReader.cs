using System.Globalization;
using System.Text.Json;

namespace Goodhart.Text.Tokenizers;

/// <summary>Reads the word-level kind of <c>tokenizer.json</c>.</summary>
internal static class WordLevelReader
{
    /// <summary>Steps of the Hugging Face pipeline that are not applied here: present, they would change the ids.</summary>
    private static readonly string[] UnsupportedSteps = ["normalizer", "post_processor", "decoder", "truncation", "padding"];

    public static WordLevelTokenizer Read(JsonField root, TokenizerFolder folder)
    {
        string[] words = Words(root.Value);
        SpecialTokenNames special = new(folder);
        (string? eos, int? eosId) = special.EndOfText();
        return new(words, eos ?? Word(words, eosId!.Value), special.Text("pad_token"));
    }

    private static string Word(string[] words, int id) => (uint)id < (uint)words.Length
        ? words[id]
        : throw Bad(string.Create(CultureInfo.InvariantCulture, $"has no word for the model's eos_token_id {id}"));

    private static string[] Words(JsonElement root)
    {
        Kind(root, "model", "WordLevel");
        Kind(root, "pre_tokenizer", "WhitespaceSplit");
        foreach (string step in UnsupportedSteps)
        {
            if (root.TryGetProperty(step, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
            {
                throw Bad($"has a {step}, which a word-level tokenizer here does not apply. Remove it, or set it to null");
            }
        }

        SortedDictionary<int, string> byId = [];
        if (!root.GetProperty("model").TryGetProperty("vocab", out JsonElement vocabulary) || vocabulary.ValueKind != JsonValueKind.Object)
        {
            throw Bad("has no model.vocab object");
        }

        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            Place(byId, entry.Name, entry.Value);
        }

        if (root.TryGetProperty("added_tokens", out JsonElement added) && added.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement token in added.EnumerateArray())
            {
                Place(byId, Text(token, "content"), token.TryGetProperty("id", out JsonElement id) ? id : default);
            }
        }

        return Dense(byId);
    }

    private static void Kind(JsonElement root, string part, string expected)
    {
        string found = root.ValueKind == JsonValueKind.Object && root.TryGetProperty(part, out JsonElement element)
            && element.ValueKind == JsonValueKind.Object ? Text(element, "type") : "none";
        if (found != expected)
        {
            throw Bad($"has the {part} {found}, expected {expected}: this is another kind of tokenizer");
        }
    }

    private static void Place(SortedDictionary<int, string> byId, string word, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int id))
        {
            throw Bad($"gives '{word}' no whole-number id");
        }

        // Added tokens usually repeat entries of the vocabulary; only a contradiction is an error.
        if (!byId.TryAdd(id, word) && byId[id] != word)
        {
            throw Bad(string.Create(CultureInfo.InvariantCulture, $"gives id {id} to both '{byId[id]}' and '{word}'"));
        }
    }

    private static string[] Dense(SortedDictionary<int, string> byId)
    {
        string[] words = new string[byId.Count];
        int expected = 0;
        foreach ((int id, string word) in byId)
        {
            if (id != expected)
            {
                throw Bad(string.Create(
                    CultureInfo.InvariantCulture, $"has id {id} after {expected - 1}, expected ids without gaps from 0"));
            }

            words[expected++] = word;
        }

        return words;
    }

    private static string Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Bad($"has no text '{key}' where one belongs");

    private static TokenizerException Bad(string problem) => new($"the tokenizer {problem}.");
}
