using System.Text.Json;

namespace Goodhart.Text.Tokenizers;

/// <summary>Writes a word-level tokenizer as the two JSON files that Hugging Face tools read.</summary>
internal static class WordLevelWriter
{
    public static void Write(WordLevelTokenizer tokenizer, string folder)
    {
        Directory.CreateDirectory(folder);
        WriteJson(Path.Combine(folder, TokenizerFolder.TokenizerName), json => WriteTokenizer(json, tokenizer));
        WriteJson(Path.Combine(folder, TokenizerFolder.ConfigName), json => WriteConfig(json, tokenizer));
    }

    private static void WriteTokenizer(Utf8JsonWriter json, WordLevelTokenizer tokenizer)
    {
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        json.WriteStartArray("added_tokens");
        int?[] special = [tokenizer.PadId, tokenizer.EosId];
        foreach (int id in special.OfType<int>().Distinct().Order())
        {
            WriteAddedToken(json, id, tokenizer.Vocabulary[id]);
        }

        json.WriteEndArray();
        json.WriteNull("normalizer");
        json.WriteStartObject("pre_tokenizer");
        json.WriteString("type", "WhitespaceSplit");
        json.WriteEndObject();
        json.WriteNull("post_processor");
        json.WriteNull("decoder");
        json.WriteStartObject("model");
        json.WriteString("type", "WordLevel");
        json.WriteStartObject("vocab");
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            json.WriteNumber(tokenizer.Vocabulary[id], id);
        }

        json.WriteEndObject();

        // The format requires the field; a token that is not in the vocabulary makes an unknown word an error in other tools too.
        json.WriteString("unk_token", "<unk>");
        json.WriteEndObject();
    }

    private static void WriteAddedToken(Utf8JsonWriter json, int id, string content)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteString("content", content);
        json.WriteBoolean("single_word", false);
        json.WriteBoolean("lstrip", false);
        json.WriteBoolean("rstrip", false);
        json.WriteBoolean("normalized", false);
        json.WriteBoolean("special", true);
        json.WriteEndObject();
    }

    private static void WriteConfig(Utf8JsonWriter json, WordLevelTokenizer tokenizer)
    {
        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
        json.WriteString("eos_token", tokenizer.Vocabulary[tokenizer.EosId]);
        if (tokenizer.PadId is int pad)
        {
            json.WriteString("pad_token", tokenizer.Vocabulary[pad]);
        }

        // Otherwise older versions of transformers glue full stops to the word before them when decoding.
        json.WriteBoolean("clean_up_tokenization_spaces", false);
    }

    private static void WriteJson(string path, Action<Utf8JsonWriter> body)
    {
        string partial = path + ".partial";
        using (FileStream file = File.Create(partial))
        using (Utf8JsonWriter json = new(file, IndentedJson.Indented))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        File.Move(partial, path, overwrite: true);
    }
}
