namespace Goodhart.Text.Tokenizers.ByteLevel;

/// <summary>Reads the normalizer, pre-tokenizer and decoder of a <c>tokenizer.json</c>.</summary>
internal static class ComponentReader
{
    private static readonly Dictionary<string, IWordSplitter> KnownExpressions = new(StringComparer.Ordinal)
    {
        [Gpt2Splitter.Expression] = new Gpt2Splitter(),
        [Llama3Splitter.ThreeDigits] = new Llama3Splitter(3),
        [Llama3Splitter.OneDigit] = new Llama3Splitter(1),
    };

    public static INormalizer Normalizer(JsonField field)
    {
        INormalizer result = new NoNormalizer();
        foreach (JsonField step in Steps(field, "normalizers"))
        {
            // Composing twice is composing once.
            result = step.Kind == "NFC" ? new NfcNormalizer() : throw step.Unsupported($"the normalizer {step.Kind}", "NFC, or none");
        }

        return result;
    }

    public static PreTokenizer PreTokenizer(JsonField field)
    {
        List<JsonField> steps = Steps(field, "pretokenizers");
        return steps switch
        {
            [{ Kind: "ByteLevel" } bytes] => new(bytes["add_prefix_space"].Flag(absent: true), ByteLevelWords(bytes)),
            [{ Kind: "Split" } split, { Kind: "ByteLevel" } bytes] => new(AddsPrefixSpace: false, SplitWords(split, bytes)),
            _ => throw field.Unsupported(
                $"the pre-tokenizer {(steps.Count == 0 ? "none" : string.Join(" + ", steps.Select(step => step.Kind)))}",
                "ByteLevel, or Split + ByteLevel"),
        };
    }

    public static void RequireByteLevelDecoder(JsonField field)
    {
        if (field.Kind != "ByteLevel")
        {
            throw field.Unsupported($"the decoder {field.Kind}", "ByteLevel");
        }
    }

    private static IWordSplitter ByteLevelWords(JsonField bytes) =>
        bytes["use_regex"].Flag(absent: true) ? new Gpt2Splitter() : new WholeText();

    private static IWordSplitter SplitWords(JsonField split, JsonField bytes)
    {
        if (bytes["use_regex"].Flag(absent: true) || bytes["add_prefix_space"].Flag(absent: true))
        {
            throw bytes.Unsupported("ByteLevel after a Split with use_regex or add_prefix_space", "both false");
        }

        // The known expressions match every character, so that "keep the matches" and "remove what is between them" are one.
        string behavior = split["behavior"].Text();
        bool invert = split["invert"].Flag(absent: false);
        if ((behavior, invert) is not (("Isolated", false) or ("Removed", true)))
        {
            throw split.Unsupported($"the behavior {behavior} with invert {invert}", "Isolated, not inverted");
        }

        JsonField expression = split["pattern"]["Regex"];
        return KnownExpressions.TryGetValue(expression.Text(), out IWordSplitter? words)
            ? words
            : throw expression.Unsupported($"the expression {expression.Text()}", "those of GPT-2, Llama 3 and Qwen2");
    }

    /// <summary>A component, or the components of a sequence.</summary>
    private static List<JsonField> Steps(JsonField field, string list) => field.Kind switch
    {
        "none" => [],
        "Sequence" => [.. field[list].Items()],
        _ => [field],
    };
}
