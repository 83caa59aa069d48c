using System.Globalization;
using System.Text.RegularExpressions;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>
/// What a chat model is told: an optional system message, a line <c>---</c>, and a user message with the places <c>{{prompt}}</c>,
/// <c>{{first}}</c>, <c>{{second}}</c> and <c>{{answer}}</c>, each once.
/// </summary>
/// <remarks>The first three become fenced data under a code that no response can know; <c>{{answer}}</c> becomes the demanded form of the
/// verdict.</remarks>
public sealed partial class PromptTemplate
{
    private static readonly string[] Places = ["prompt", "first", "second", "answer"];

    /// <summary>Text, place, text, place, ..., text.</summary>
    private readonly string[] pieces;

    private PromptTemplate(string name, string text, string? system, string user) =>
        (Name, Text, System, pieces) = (name, text, system, Place().Split(user));

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>The whole template: part of the judge's identity.</summary>
    public string Text { get; }

    public string? System { get; }

    /// <exception cref="InvalidDataException">A place is missing, twice there or unknown.</exception>
    public static PromptTemplate Parse(string name, string text)
    {
        string plain = text.ReplaceLineEndings("\n").Trim();
        int rule = plain.StartsWith("---\n", StringComparison.Ordinal) ? 0 : plain.IndexOf("\n---\n", StringComparison.Ordinal);
        string? system = rule > 0 ? plain[..rule].Trim() : null;
        string user = rule < 0 ? plain : plain[(plain.IndexOf("---\n", rule, StringComparison.Ordinal) + 4)..].Trim();
        string[] found = [.. Place().Matches(user).Select(match => match.Groups[1].Value)];
        string[] faults =
        [
            .. Places.Where(place => found.Count(name => name == place) != 1).Select(
                place => $"{{{{{place}}}}} is there {found.Count(name => name == place)} times, expected once"),
            .. found.Except(Places).Select(place => $"{{{{{place}}}}} is no place"),
            .. system is not null && Place().IsMatch(system)
                ? ["the system message has places; they belong below the line ---"]
                : (string[])[],
        ];
        return faults.Length == 0
            ? new PromptTemplate(name, plain, system, user)
            : throw new InvalidDataException(
                $"judge template {name}: {string.Join("; ", faults)}. The user message needs {{{{prompt}}}}, {{{{first}}}}, "
                    + $"{{{{second}}}} and {{{{answer}}}}.");
    }

    /// <summary>The user message.</summary>
    /// <param name="code">See <see cref="VerdictLine"/>.</param>
    public string Render(
        string prompt,
        string first,
        string second,
        string code) => string.Concat(pieces.Select((piece, i) => i % 2 == 0 ? piece : piece switch
        {
            // The template was split before: what stands in a response is never taken for a place.
            "prompt" => Fence("prompt", prompt, code),
            "first" => Fence("response 1", first, code),
            "second" => Fence("response 2", second, code),
            _ => VerdictLine.Instruction(code),
        }));

    private static string Fence(string name, string text, string code) =>
        string.Create(CultureInfo.InvariantCulture, $"<data-{code} {name}>\n{text}\n</data-{code}>");

    [GeneratedRegex(@"\{\{([^{}]*)\}\}")]
    private static partial Regex Place();
}
