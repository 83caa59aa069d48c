using System.Text.Json;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Reads the <c>model</c> of a <c>tokenizer.json</c> whose kind is BPE.</summary>
internal static class BpeModelReader
{
    public static Dictionary<string, int> Vocabulary(JsonField field)
    {
        if (!field.IsObject)
        {
            throw field.Bad("an object of tokens and their ids");
        }

        Dictionary<string, int> vocabulary = new(field.Value.GetPropertyCount(), StringComparer.Ordinal);
        foreach (JsonProperty entry in field.Value.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id) || id < 0)
            {
                throw new JsonField(entry.Value, $"{field.Path}['{entry.Name}']").Bad("a whole number from 0");
            }

            if (!vocabulary.TryAdd(entry.Name, id))
            {
                throw field.Unsupported($"'{entry.Name}' with two ids", "one id for each token");
            }
        }

        return vocabulary;
    }

    public static ByteLevelModel ByteLevel(JsonField model, Dictionary<string, int> vocabulary)
    {
        Refuse(model["byte_fallback"], field => field.Flag(absent: false), "a byte-level model with byte_fallback");
        RefuseVariants(model);
        return new(vocabulary, new(Merges(model["merges"], vocabulary)), model["ignore_merges"].Flag(absent: false));
    }

    public static CharacterModel Characters(JsonField model, Dictionary<string, int> vocabulary)
    {
        RefuseVariants(model);
        JsonField unknown = model["unk_token"];
        int? id = unknown.IsNull ? null : vocabulary.TryGetValue(unknown.Text(), out int found) ? found : throw unknown.Bad(
            "a token of model.vocab");
        return new(vocabulary, Merges(model["merges"], vocabulary), new(
            id, model["fuse_unk"].Flag(absent: false), model["byte_fallback"].Flag(absent: false), model["ignore_merges"].Flag(
                absent: false)));
    }

    private static void RefuseVariants(JsonField model)
    {
        Refuse(model["dropout"], field => !field.IsNull && !IsZero(field.Value), "a model with dropout");
        foreach (string affix in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            Refuse(model[affix], field => !field.IsNull && field.Text().Length > 0, $"a model with {affix}");
        }
    }

    private static bool IsZero(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number == 0;

    private static void Refuse(JsonField field, Func<JsonField, bool> isSet, string name)
    {
        if (isSet(field))
        {
            throw field.Unsupported(name, "none");
        }
    }

    private static List<(int Left, int Right, int Merged)> Merges(JsonField field, Dictionary<string, int> vocabulary)
    {
        if (!field.IsArray)
        {
            throw field.Bad("a list of merges");
        }

        List<(int, int, int)> merges = new(field.Value.GetArrayLength());
        int index = 0;
        foreach (JsonElement merge in field.Value.EnumerateArray())
        {
            // Lists converted from merges.txt may keep its first line.
            if (merge.ValueKind != JsonValueKind.String || !merge.GetString()!.StartsWith("#version", StringComparison.Ordinal))
            {
                (string left, string right) = Pair(merge, field, index);
                merges.Add((Id(left), Id(right), Id(left + right)));
            }

            index++;
        }

        return merges;

        int Id(string token) => vocabulary.TryGetValue(token, out int id)
            ? id
            : throw new TokenizerException(FormattableString.Invariant($"{field.Path}[{index}]: '{token}' is not in model.vocab."));
    }

    /// <summary>"left right" in older files, ["left", "right"] in newer ones.</summary>
    private static (string Left, string Right) Pair(JsonElement merge, JsonField list, int index)
    {
        if (merge.ValueKind == JsonValueKind.String)
        {
            string text = merge.GetString()!;
            int space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space >= 0 && space == text.LastIndexOf(' '))
            {
                return (text[..space], text[(space + 1)..]);
            }
        }
        else if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2
            && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String)
        {
            return (merge[0].GetString()!, merge[1].GetString()!);
        }

        throw new JsonField(merge, FormattableString.Invariant($"{list.Path}[{index}]"))
            .Bad("two tokens: \"left right\" or [\"left\", \"right\"]");
    }
}
