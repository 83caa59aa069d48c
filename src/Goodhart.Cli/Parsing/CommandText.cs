using System.CommandLine;
using System.Text.RegularExpressions;

namespace Goodhart.Cli.Parsing;

/// <summary>The command as it could be typed again.</summary>
internal static partial class CommandText
{
    public static string Of(ParseResult parse) => string.Join(' ', parse.Tokens.Select(token => Quoted(token.Value)).Prepend("goodhart"));

    private static string Quoted(string word) =>
        Simple().IsMatch(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\A[A-Za-z0-9_@%+=:,./-]+\z")]
    private static partial Regex Simple();
}
