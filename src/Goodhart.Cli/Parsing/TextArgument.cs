using System.CommandLine;

namespace Goodhart.Cli.Parsing;

/// <summary>Arguments that are texts as they are given.</summary>
internal static class TextArgument
{
    public static Argument<string> Of(string name, string what) => new(name) { Description = what };

    /// <summary>Null where it is not given.</summary>
    public static Argument<string?> OrNone(string name, string what) =>
        new(name) { Description = what, Arity = ArgumentArity.ZeroOrOne };

    /// <param name="least">How many there are at least: 0 or 1.</param>
    public static Argument<string[]> Several(string name, int least, string what) =>
        new(name) { Description = what, Arity = least == 0 ? ArgumentArity.ZeroOrMore : ArgumentArity.OneOrMore };
}
