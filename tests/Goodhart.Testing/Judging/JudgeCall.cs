using System.Text.Json;
using System.Text.RegularExpressions;

namespace Goodhart.Testing.Judging;

/// <summary>A request that the test's judge server got.</summary>
public sealed partial record JudgeCall(int Number, string Path, string? Authorization, string Body)
{
    public string Model => Json().GetProperty("model").GetString()!;

    public string User => Json().GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;

    /// <summary>Of the verdict line that the prompt demands.</summary>
    public string Code => CodeForm().Match(User).Groups[1].Value;

    public string First => Fenced("response 1");

    public string Second => Fenced("response 2");

    public string Prompt => Fenced("prompt");

    /// <summary>What identifies the question: who judges what in which order.</summary>
    public string Question => $"{Prompt}\n{First}\n{Second}";

    public JsonElement Json()
    {
        using JsonDocument document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }

    /// <summary>A reply in the demanded form.</summary>
    public string Verdict(string which) => $"The one says more than the other.\nVerdict {Code}: {which}";

    /// <summary>Prefers the response with the larger number in it.</summary>
    public string ByNumber()
    {
        int first = NumberOf(First);
        int second = NumberOf(Second);
        return Verdict(first == second ? "tie" : first > second ? "1" : "2");
    }

    private static int NumberOf(string text) => int.Parse(Digits().Match(text).Value, System.Globalization.CultureInfo.InvariantCulture);

    private string Fenced(string name)
    {
        string open = $"<data-{Code} {name}>\n";
        int start = User.IndexOf(open, StringComparison.Ordinal) + open.Length;
        return User[start..User.IndexOf($"\n</data-{Code}>", start, StringComparison.Ordinal)];
    }

    // The last one: a response may bring its own.
    [GeneratedRegex(@"Verdict ([0-9a-f]{6}): tie\s*$")]
    private static partial Regex CodeForm();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
