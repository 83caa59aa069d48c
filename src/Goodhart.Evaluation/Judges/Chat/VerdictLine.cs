using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>
/// The line that ends a judge's reply: <c>Verdict 7f3a9c: 1</c>, <c>2</c> or <c>tie</c>. The code follows from the pair, so a response
/// cannot
/// bring its own verdict line along, and a reply that quotes a response is not mistaken for one.
/// </summary>
/// <remarks>
/// Models dress the line up: reasoning before it (DeepSeek-R1, Qwen3: <c>&lt;think&gt;</c>; Magistral: <c>[THINK]</c>), Markdown around it,
/// their chat template's end token behind it. That is form. What is said in the answer itself is not, and two different verdicts there are
/// none.
/// </remarks>
internal static partial class VerdictLine
{
    private const int Digits = 6;

    /// <summary>Six hexadecimal digits of the hash of what is asked, which occur in none of its texts.</summary>
    /// <param name="key">Of the ask, 64 hexadecimal digits.</param>
    public static string Code(string key, params ReadOnlySpan<string> texts)
    {
        for (string hash = key; ; hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash))))
        {
            string code = hash[..Digits];
            bool occurs = false;
            foreach (string text in texts)
            {
                occurs |= text.Contains(code, StringComparison.OrdinalIgnoreCase);
            }

            if (!occurs)
            {
                return code;
            }
        }
    }

    public static string Instruction(string code) => $"""
    First compare the two in one or two sentences. Then end with one line that is exactly one of these three: the first one if response 1
    is better, the second if response 2 is better, the third if neither is.
    Verdict {code}: 1
    Verdict {code}: 2
    Verdict {code}: tie
    """;

    /// <summary>
    /// The verdict; null unless the answer's last line is one, whole, and no other line of the answer says something else.
    /// </summary>
    public static PairVerdict? Parse(string reply, string code)
    {
        string[] lines = [.. Answer(reply).Split('\n').Select(line => line.Trim()).Where(line => !Blank().IsMatch(line))];
        PairVerdict?[] verdicts = [.. lines.Select(line => Of(line, code))];
        return verdicts.Length > 0 && verdicts[^1] is { } last && verdicts.All(verdict => verdict is null || verdict == last) ? last : null;
    }

    /// <summary>What stands after the reasoning; nothing where reasoning, wherever it begins, has no end.</summary>
    private static string Answer(string reply)
    {
        string answer = ReasoningEnd().Matches(reply) is [.., { } last] ? reply[(last.Index + last.Length)..] : reply;
        return ReasoningStart().IsMatch(answer) ? "" : answer;
    }

    private static PairVerdict? Of(string line, string code) => Form().Match(line) is { Success: true } match
        && match.Groups[1].Value.Equals(code, StringComparison.OrdinalIgnoreCase)
            ? match.Groups[2].Value switch
            {
                "1" => PairVerdict.First,
                "2" => PairVerdict.Second,
                _ => PairVerdict.Tie,
            }
            : null;

    [GeneratedRegex(@"</think(ing)?>|\[/THINK\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReasoningEnd();

    [GeneratedRegex(@"<think(ing)?>|\[THINK\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReasoningStart();

    // Marks of headings, lists and quotations before it, bold and code marks around it, end tokens behind it.
    [GeneratedRegex(
        @"^[\s#>+*_`-]*verdict ([0-9a-f]+):[*_`]* ?[*_`]*(1|2|tie)[*_`]*\.?[*_`]*(\s*(<\|\w+\|>|</s>|<end_of_turn>))*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    // Nothing, the edge of a code fence, or end tokens alone.
    [GeneratedRegex(@"^((```|~~~)\w*)?(\s*(<\|\w+\|>|</s>|<end_of_turn>))*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Blank();
}
