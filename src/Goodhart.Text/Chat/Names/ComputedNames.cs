using System.Globalization;

namespace Goodhart.Text.Chat.Names;

/// <summary>Names that a rule makes: ideographs by their number, Hangul syllables by their letters.</summary>
internal static class ComputedNames
{
    private const string Ideograph = "CJK UNIFIED IDEOGRAPH-";
    private const string Syllable = "HANGUL SYLLABLE ";
    private const int FirstSyllable = 0xAC00;

    private static readonly (int First, int Last)[] Ideographs =
    [
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2A6DF), (0x2A700, 0x2B738), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1),
        (0x2CEB0, 0x2EBE0), (0x30000, 0x3134A),
    ];

    private static readonly string[] Leads = "G,GG,N,D,DD,R,M,B,BB,S,SS,,J,JJ,C,K,T,P,H".Split(',');

    private static readonly string[] Vowels = "A,AE,YA,YAE,EO,E,YEO,YE,O,WA,WAE,OE,YO,U,WEO,WE,WI,YU,EU,YI,I".Split(',');

    private static readonly string[] Tails =
        ",G,GG,GS,N,NJ,NH,D,L,LG,LM,LB,LS,LT,LP,LH,M,B,BS,S,SS,NG,J,C,K,T,P,H".Split(',');

    /// <returns>Null where no rule makes the name.</returns>
    public static int? Find(string name) => name.StartsWith(Ideograph, StringComparison.Ordinal) ? FindIdeograph(name[Ideograph.Length..])
        : name.StartsWith(Syllable, StringComparison.Ordinal) ? FindSyllable(name[Syllable.Length..])
        : null;

    private static int? FindIdeograph(string digits) => digits.Length is 4 or 5 && digits.All(char.IsAsciiHexDigitUpper)
        && int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is var point
        && Array.Exists(Ideographs, range => point >= range.First && point <= range.Last)
        ? point
        : null;

    private static int? FindSyllable(string letters)
    {
        // At each place the longest that fits, as Python reads them; no lead is the empty one.
        (int lead, int used) = Longest(Leads, letters, 0);
        (int vowel, used) = Longest(Vowels, letters, used);
        (int tail, used) = Longest(Tails, letters, used);
        return lead < 0 || vowel < 0 || tail < 0 || used != letters.Length
            ? null
            : FirstSyllable + ((((lead * Vowels.Length) + vowel) * Tails.Length) + tail);
    }

    private static (int Which, int End) Longest(string[] parts, string text, int start)
    {
        int which = -1;
        for (int i = 0; i < parts.Length; i++)
        {
            bool fits = text.AsSpan(start).StartsWith(parts[i], StringComparison.Ordinal);
            which = fits && (which < 0 || parts[i].Length > parts[which].Length) ? i : which;
        }

        return (which, which < 0 ? start : start + parts[which].Length);
    }
}
