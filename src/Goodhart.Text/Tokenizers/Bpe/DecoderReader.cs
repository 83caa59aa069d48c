namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Reads the decoder of a <c>tokenizer.json</c>.</summary>
internal static class DecoderReader
{
    private const string Known = "Replace, ByteFallback, Fuse, Strip (of spaces at the start, behind Fuse), Metaspace, or ByteLevel alone";

    public static Func<Vocabulary, ITextDecoder> Read(JsonField field, bool isByteLevel)
    {
        List<JsonField> steps = Components.Of(field, "decoders");
        if (isByteLevel)
        {
            return steps is [{ Kind: "ByteLevel" }]
                ? vocabulary => new ByteDecoder(vocabulary)
                : throw field.Unsupported(
                    $"the decoder {(steps.Count == 0 ? "none" : string.Join(" + ", steps.Select(step => step.Kind)))}", "ByteLevel");
        }

        PieceDecoderOptions options = steps.Aggregate(
            new PieceDecoderOptions([], false, 0, null), (found, step) => With(found, step, steps));
        return steps.Count > 0
            ? vocabulary => new PieceDecoder(vocabulary, options)
            : throw field.Unsupported("no decoder", Known);
    }

    private static PieceDecoderOptions With(PieceDecoderOptions found, JsonField step, List<JsonField> steps)
    {
        switch (step.Kind)
        {
            case "Replace" when !found.ReadsBytes && found.StrippedSpaces == 0:
                return found with { Replacements = [.. found.Replacements, (Components.Literal(step["pattern"]), step["content"].Text())] };
            case "ByteFallback":
                return found with { ReadsBytes = true };
            case "Fuse":
                return found;
            case "Strip" when step["content"].Text() == " " && step["stop"].Id() == 0 && steps.Exists(other => other.Kind == "Fuse"):
                return found with { StrippedSpaces = step["start"].Id() };
            case "Metaspace" when steps.Count == 1:
                string mark = step["replacement"].Text();
                bool isPrepended = step["prepend_scheme"].IsNull
                    ? step["add_prefix_space"].Flag(absent: true)
                    : step["prepend_scheme"].Text() != "never";
                return found with { Replacements = [(mark, " ")], DropsMarksOfFirst = isPrepended ? mark[0] : null };
            default:
                throw step.Unsupported($"the decoder {step.Kind}{(steps.Count > 1 ? " here" : "")}", Known);
        }
    }
}
