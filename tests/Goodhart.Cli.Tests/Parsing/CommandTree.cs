using System.CommandLine;
using System.CommandLine.Help;
using Goodhart.Cli.Parsing;

namespace Goodhart.Cli.Tests.Parsing;

/// <summary>Every option of every verb.</summary>
internal static class CommandTree
{
    /// <summary>One for all: thousands of command lines are read with it.</summary>
    public static RootCommand Root { get; } = GoodhartCommand.Create();

    public static IReadOnlyList<string> Verbs { get; } =
        [.. GoodhartCommand.Every(Root).Where(command => command is not RootCommand).Select(GoodhartCommand.CommandPath)];

    /// <summary>All but --help, with the words that lead to the verb.</summary>
    public static IReadOnlyList<(string[] Verb, Option Option)> Options { get; } =
    [
        .. from command in GoodhartCommand.Every(Root)
           where command is not RootCommand
           let verb = GoodhartCommand.CommandPath(command).Split(' ')
           from option in command.Options
           where option is not HelpOption
           select (verb, option),
    ];

    public static IReadOnlyList<Option> OptionsOf(string verb) =>
        [.. Options.Where(entry => string.Join(' ', entry.Verb) == verb).Select(entry => entry.Option)];

    public static bool IsReal(Option option) => Kind(option) == typeof(double);

    public static bool IsWhole(Option option) => Kind(option) == typeof(int) || Kind(option) == typeof(ulong);

    public static bool IsChoice(Option option) => Kind(option).IsEnum;

    public static bool IsFlag(Option option) => Kind(option) == typeof(bool);

    public static bool IsNumber(Option option) => IsReal(option) || IsWhole(option);

    public static bool IsConfigurable(string verb) => Find(verb.Split(' ')).Options.Any(option => option is ConfigOption);

    public static ParseResult Parse(params string[] args) => Root.Parse(args, GoodhartCommand.Plain);

    /// <summary>What an option of a command line was understood as; null where it was refused.</summary>
    public static object? ValueOf(ParseResult parse, string[] verb, string option)
    {
        Option found = Find(verb).Options.Single(candidate => candidate.Name == option);
        return parse.GetResult(found) is { } result
            && !parse.Errors.Any(error => error.Message.Contains($"{option}: ", StringComparison.Ordinal))
            ? result.GetValueOrDefault<object?>()
            : null;
    }

    private static Command Find(string[] verb) =>
        verb.Aggregate((Command)Root, (owner, name) => owner.Subcommands.Single(sub => sub.Name == name));

    private static Type Kind(Option option) => Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
}
