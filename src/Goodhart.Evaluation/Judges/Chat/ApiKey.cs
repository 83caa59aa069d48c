using System.Globalization;
using System.Text.RegularExpressions;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>A secret for an endpoint. It is never printed: all text from outside passes through <see cref="Redact"/> first.</summary>
public sealed partial class ApiKey
{
    private const string Mask = "[key]";

    private readonly string value;
    private readonly Regex spelled;

    private ApiKey(string value)
    {
        this.value = value;

        // In time linear in the text: an answer of a million backslashes is searched too.
        spelled = new Regex(
            string.Concat(value.Select(Spellings)), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    /// <summary>No key: local servers often need none.</summary>
    public static ApiKey None { get; } = new("");

    public bool IsNone => value.Length == 0;

    /// <summary>What is named; else OpenAI's key, which goes to OpenAI alone.</summary>
    /// <exception cref="InvalidDataException">No such file or variable, or it holds no key.</exception>
    public static ApiKey For(Uri endpoint, string? file, string? variable) => (file, variable) switch
    {
        ({ } path, _) => FromFile(path),
        (_, { } name) => FromEnvironment(name),
        _ => ChatEndpoint.IsOpenAi(endpoint) ? FromEnvironment("OPENAI_API_KEY") : None,
    };

    /// <exception cref="InvalidDataException">The variable is not set, or holds no key.</exception>
    public static ApiKey FromEnvironment(string variable) => Environment.GetEnvironmentVariable(variable) is { } text
        ? Of(text, $"environment variable {variable}")
        : throw new InvalidDataException(VariableName().IsMatch(variable)
            ? $"environment variable {variable} is not set; expected the endpoint's key in it, or in a file (--key-file)."
            : "expected the name of an environment variable that holds the key, such as OPENAI_API_KEY; what was given is no name, "
                + "and is not repeated here in case it is the key.");

    /// <exception cref="InvalidDataException">No such file, or it holds no key.</exception>
    public static ApiKey FromFile(string path) => File.Exists(path)
        ? Of(File.ReadAllText(path), $"key file {path}")
        : throw new InvalidDataException("expected a file that holds the key and nothing else; "
            + "there is no file of the name that was given, which is not repeated here in case it is the key.");

    /// <summary>The text without the key, also where JSON or an address spells its characters otherwise.</summary>
    public string Redact(string text) => IsNone ? text : spelled.Replace(text, Mask);

    public override string ToString() => Mask;

    /// <summary>For the request alone.</summary>
    internal string Reveal() => value;

    /// <summary>c, \c, \u0063 and %63, with any number of backslashes: JSON within JSON.</summary>
    private static string Spellings(char c) =>
        string.Create(CultureInfo.InvariantCulture, $@"(?:\\*{Regex.Escape(c.ToString())}|\\+u{(int)c:x4}|%{(int)c:x2})");

    // Upper case, as keys are not: what is set under another name is found before this is asked.
    [GeneratedRegex("^[A-Z_][A-Z0-9_]{0,63}$")]
    private static partial Regex VariableName();

    private static ApiKey Of(string text, string origin)
    {
        string key = text.Trim();
        return key.Length > 0 && key.All(c => c is > ' ' and < '\x7f')
            ? new ApiKey(key)
            : throw new InvalidDataException(
                $"{origin}: expected a key of printable ASCII characters on one line, found {(key.Length == 0 ? "nothing" : "others")}.");
    }
}
