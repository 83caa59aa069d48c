using Goodhart.Text.Tokenizers.Words;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>Reads the pre-tokenizer of a <c>tokenizer.json</c>.</summary>
internal static class PreTokenizerReader
{
    private const string Known = "ByteLevel, Split, Digits, Punctuation, Metaspace, and sequences of them";

    private static readonly Dictionary<string, Func<IWordSplitter>> KnownExpressions = new(StringComparer.Ordinal)
    {
        [Gpt2Splitter.Expression] = () => new Gpt2Splitter(),
        [Llama3Splitter.ThreeDigits] = () => new Llama3Splitter(3),
        [Llama3Splitter.OneDigit] = () => new Llama3Splitter(1),
    };

    /// <summary>Whether the tokens are bytes in GPT-2's alphabet.</summary>
    public static bool IsByteLevel(JsonField field) => Components.Of(field, "pretokenizers").Exists(step => step.Kind == "ByteLevel");

    public static PreTokenizer Read(JsonField field)
    {
        List<JsonField> steps = Components.Of(field, "pretokenizers");
        bool isByteLevel = IsByteLevel(field);
        PrefixRule prefix = PrefixRule.None;
        List<IWordSplitter> splitters = [];
        for (int i = 0; i < steps.Count; i++)
        {
            JsonField step = steps[i];
            switch (step.Kind)
            {
                case "ByteLevel" when i + 1 == steps.Count || step["use_regex"].Flag(absent: true):
                    prefix = step["add_prefix_space"].Flag(absent: true) ? First(step, i, PrefixRule.Space) : prefix;
                    splitters.AddRange(step["use_regex"].Flag(absent: true) ? [new Gpt2Splitter()] : []);
                    RequireLast(step, i, steps);
                    break;
                case "Split":
                    splitters.Add(Split(step));
                    break;
                case "Digits":
                    splitters.Add(new DigitSplitter(step["individual_digits"].Flag(absent: false)));
                    break;
                case "Punctuation":
                    splitters.Add(RequireIsolated(step, step["behavior"]) ?? new PunctuationSplitter());
                    break;
                case "Metaspace" when !isByteLevel:
                    prefix = First(step, i, Metaspace(step));
                    splitters.AddRange(step["split"].Flag(absent: true)
                        ? [new LiteralSplitter(prefix.Mark.ToString(), SplitBehavior.MergedWithNext)] : []);
                    break;
                default:
                    throw step.Unsupported(
                        $"the pre-tokenizer {step.Kind}{(isByteLevel && step.Kind == "Metaspace" ? " beside ByteLevel" : "")}", Known);
            }
        }

        return new(prefix, splitters);
    }

    private static PrefixRule First(JsonField step, int index, PrefixRule rule) => index == 0 ? rule : throw step.Unsupported(
        $"{step.Kind} behind other steps with a prefix of its own", "such a prefix in the first step only");

    /// <summary>What follows would see bytes in GPT-2's alphabet, not text.</summary>
    private static void RequireLast(JsonField step, int index, List<JsonField> steps)
    {
        if (index + 1 < steps.Count)
        {
            throw step.Unsupported($"ByteLevel before {steps[index + 1].Kind}", "ByteLevel as the last step");
        }
    }

    private static IWordSplitter? RequireIsolated(JsonField step, JsonField behavior) => behavior.IsNull || behavior.Text() == "Isolated"
        ? null
        : throw step.Unsupported($"{step.Kind} with the behavior {behavior.Text()}", "Isolated");

    /// <summary>Older files say add_prefix_space where newer ones name a scheme.</summary>
    private static PrefixRule Metaspace(JsonField step)
    {
        string mark = step["replacement"].Text();
        string scheme = !step["prepend_scheme"].IsNull ? step["prepend_scheme"].Text()
            : step["add_prefix_space"].Flag(absent: true) ? "always" : "never";
        return new(
            scheme switch
            {
                "always" => PrefixScheme.Always,
                "first" => PrefixScheme.First,
                "never" => PrefixScheme.Never,
                _ => throw step["prepend_scheme"].Bad("always, first or never"),
            },
            mark.Length == 1 ? mark[0] : throw step["replacement"].Bad("one character"),
            ReplacesSpaces: true);
    }

    private static IWordSplitter Split(JsonField split)
    {
        string behavior = split["behavior"].Text();
        bool invert = split["invert"].Flag(absent: false);
        JsonField pattern = split["pattern"];
        if (pattern["Regex"].IsNull)
        {
            return (behavior, invert) switch
            {
                ("Isolated", false) => new LiteralSplitter(Components.Literal(pattern), SplitBehavior.Isolated),
                ("MergedWithPrevious", false) => new LiteralSplitter(Components.Literal(pattern), SplitBehavior.MergedWithPrevious),
                ("MergedWithNext", false) => new LiteralSplitter(Components.Literal(pattern), SplitBehavior.MergedWithNext),
                _ => throw split.Unsupported(
                    $"the behavior {behavior} with invert {invert}", "Isolated, MergedWithPrevious, MergedWithNext"),
            };
        }

        if ((behavior, invert) is not (("Isolated", false) or ("Removed", true)))
        {
            throw split.Unsupported($"the behavior {behavior} with invert {invert}", "Isolated, not inverted, or Removed, inverted");
        }

        // The known expressions match every character, so that "keep the matches" and "remove what is between them" are one.
        string expression = pattern["Regex"].Text();
        if (KnownExpressions.TryGetValue(expression, out Func<IWordSplitter>? known))
        {
            return known();
        }

        try
        {
            return new ExpressionSplitter(WordExpression.Parse(expression), removesRest: invert);
        }
        catch (TokenizerException problem)
        {
            throw pattern["Regex"].Unsupported($"the expression {expression}", $"expressions without this: {problem.Message}");
        }
    }
}
