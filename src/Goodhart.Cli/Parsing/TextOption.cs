using System.CommandLine;

namespace Goodhart.Cli.Parsing;

/// <summary>Options that take a text as it is. Their help shows its form: FILE, NAME, a|b.</summary>
internal static class TextOption
{
    /// <summary>Null where it is not given.</summary>
    public static Option<string?> OrNone(string name, string form, string what) => new(name) { Description = what, HelpName = form };

    /// <summary>One that has to be given.</summary>
    public static Option<string> Required(string name, string form, string what) =>
        new(name) { Description = what, HelpName = form, Required = true };

    public static Option<string> Of(string name, string form, string standard, string what) =>
        new(name) { Description = what, HelpName = form, DefaultValueFactory = _ => standard };

    /// <summary>One that may be given several times.</summary>
    public static Option<string[]> Several(string name, string form, string what) =>
        new(name) { Description = what, HelpName = form, DefaultValueFactory = _ => [] };

    /// <summary>One that takes nothing: it is there or not.</summary>
    public static Option<bool> Flag(string name, string what) => new(name) { Description = what };
}
