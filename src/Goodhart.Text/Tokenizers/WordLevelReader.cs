using System.Globalization;
using System.Text.Json;

namespace Goodhart.Text.Tokenizers;

/// <summary>Reads a word-level tokenizer from <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
internal static class WordLevelReader
{
    public const string TokenizerFile = "tokenizer.json";
    public const string ConfigFile = "tokenizer_config.json";

    /// <summary>Steps of the Hugging Face pipeline that are not applied here: present, they would change the ids.</summary>
    private static readonly string[] UnsupportedSteps = ["normalizer", "post_processor", "decoder", "truncation", "padding"];

    public static WordLevelTokenizer Read(string folder)
    {
        string path = Path.Combine(folder, TokenizerFile);
        string configPath = Path.Combine(folder, ConfigFile);
        using JsonDocument tokenizer = Parse(path);
        using JsonDocument config = Parse(configPath);
        try
        {
            string[] words = Words(tokenizer.RootElement);
            string eos = Special(config.RootElement, "eos_token") ?? throw Bad($"has no eos_token in {ConfigFile}");
            return new(words, eos, Special(config.RootElement, "pad_token"));
        }
        catch (TokenizerException problem)
        {
            throw new TokenizerException($"{path}: {problem.Message}", problem);
        }
        catch (InvalidOperationException problem)
        {
            // A lone surrogate escape parses, but has no text.
            throw new TokenizerException($"{path}: holds text that is not valid Unicode.", problem);
        }
    }

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

    /// <summary>A special token is written as its text or, by older tools, as an object with <c>content</c>.</summary>
    private static string? Special(JsonElement config, string key)
    {
        if (config.ValueKind != JsonValueKind.Object || !config.TryGetProperty(key, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Object => Text(value, "content"),
            _ => throw Bad($"has a {key} that is no text in {ConfigFile}"),
        };
    }

    private static string Text(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Bad($"has no text '{key}' where one belongs");

    private static TokenizerException Bad(string problem) => new($"the tokenizer {problem}.");

    private static JsonDocument Parse(string path)
    {
        if (!File.Exists(path))
        {
            throw new TokenizerException($"{path}: not found. A tokenizer folder holds {TokenizerFile} and {ConfigFile}.");
        }

        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException problem)
        {
            throw new TokenizerException($"{path}: not valid JSON: {problem.Message}", problem);
        }
    }
}
