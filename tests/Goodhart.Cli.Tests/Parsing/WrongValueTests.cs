using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Xunit;

namespace Goodhart.Cli.Tests.Parsing;

/// <summary>Nothing that can be typed ends in an unhandled exception.</summary>
public sealed class WrongValueTests
{
    private static readonly string[] Texts =
    [
        "", " ", "\0", "-", "--", "=", "@", "@file", "[x]", "\"", "'", "💥", "\ud83d", "a\nb", new('x', 5000), "-1", "1e400", "nan", "true",
    ];

    public static TheoryData<string> Verbs => [.. CommandTree.Verbs];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Any_text_in_any_option_is_taken_or_refused(string verb)
    {
        string[] words = verb.Split(' ');
        foreach (Option option in CommandTree.OptionsOf(verb))
        {
            foreach (string text in Texts)
            {
                foreach (string[] args
                    in (string[][])[[.. words, option.Name, text], [.. words, $"{option.Name}={text}"], [.. words, text, option.Name]])
                {
                    ParseResult parse = CommandTree.Parse(args);   // whose validators run here
                    Assert.All(parse.Errors, error => Assert.NotEmpty(error.Message));
                    if (!IsNamed(parse, option) && parse.GetResult(option) is { Implicit: false } result)
                    {
                        object? value = result.GetValueOrDefault<object?>();
                        Assert.True(IsMeant(value, text), $"{string.Join(' ', args)}: {value}");
                    }
                }
            }
        }
    }

    /// <summary>Whether an error is about the option.</summary>
    private static bool IsNamed(ParseResult parse, Option option) => parse.Errors.Any(error =>
        (error.SymbolResult is ArgumentResult argument ? argument.Parent : error.SymbolResult) is OptionResult own && own.Option == option
        || error.Message.Contains(option.Name, StringComparison.Ordinal));

    /// <summary>Whether a value that was taken is what was typed, neither another nor none.</summary>
    private static bool IsMeant(object? value, string text) => value switch
    {
        null => false,
        bool flag => flag,
        string taken => taken == text,
        string[] several => several.SequenceEqual([text]),
        IConvertible number and (int or ulong or double) =>
            number.ToDouble(CultureInfo.InvariantCulture).Equals(double.Parse(text, CultureInfo.InvariantCulture)) && text == "-1",
        _ => false,
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_wrong_command_line_ends_with_code_2(string verb)
    {
        foreach (string text in (string[])["", "\0", "\ud83d", "a\nb"])
        {
            string[] all = [.. CommandTree.OptionsOf(verb).SelectMany(option => (string[])[option.Name, text])];
            string[][] lines =
                [["--no-such-option", .. all], ["--no-such-option", text, text, text], [text, text, text, text, "--no-such-option=1"]];
            foreach (string[] args in lines)
            {
                CommandRun run = await CommandRun.Of([.. verb.Split(' '), .. args]);
                Assert.True(
                    run.Code == ExitCode.BadInput && run.Output == "" && run.Error.StartsWith("error: ", StringComparison.Ordinal)
                    && !run.Error.Contains("mistake of the program", StringComparison.Ordinal),
                    $"{verb} {string.Join(' ', args)}: {run}");
            }
        }
    }

    [Fact]
    public void Choices_are_names_and_never_numbers()
    {
        (string[] Verb, Option Option)[] choices = [.. CommandTree.Options.Where(entry => CommandTree.IsChoice(entry.Option))];
        Assert.True(choices.Length >= 3, "the command tree has lost its choices");
        Assert.All(choices, entry =>
        {
            Assert.All(
                ["0", "1", "7", "-1", "", "x"],
                text => Assert.Null(
                    CommandTree.ValueOf(CommandTree.Parse([.. entry.Verb, entry.Option.Name, text]), entry.Verb, entry.Option.Name)));
            Assert.All(
                Enum.GetNames(entry.Option.ValueType),
                name => Assert.Equal(
                    Enum.Parse(entry.Option.ValueType, name),
                    CommandTree.ValueOf(
                        CommandTree.Parse([.. entry.Verb, entry.Option.Name, name.ToLowerInvariant()]), entry.Verb, entry.Option.Name)));
        });
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void An_option_that_is_given_twice_is_taken_or_refused(string verb)
    {
        foreach (Option option in CommandTree.OptionsOf(verb).Where(option => !CommandTree.IsFlag(option)))
        {
            foreach (string[] flag
                in (string[][])[[], .. CommandTree.OptionsOf(verb).Where(CommandTree.IsFlag).Select(flag => (string[])[flag.Name])])
            {
                ParseResult parse = CommandTree.Parse([.. verb.Split(' '), option.Name, "1", option.Name, "x", .. flag]);
                Assert.True(option.ValueType == typeof(string[]) || parse.Errors.Count > 0, $"{verb} {option.Name} {string.Concat(flag)}");
            }
        }
    }

    [Fact]
    public async Task A_flag_takes_no_value()
    {
        CommandRun run = await CommandRun.Of("losses", "--json=maybe", "--no-such-option");
        Assert.Equal(ExitCode.BadInput, run.Code);
        CommandRun argument = await CommandRun.Of("losses", "--json", "dpo");   // what follows a flag is an argument
        Assert.Equal((ExitCode.Done, ""), (argument.Code, argument.Error));
        Assert.Contains("\"name\": \"dpo\"", argument.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_may_begin_with_an_at_sign()
    {
        using TemporaryFolder folder = new();
        string before = Directory.GetCurrentDirectory();
        string file = folder.Write("@pairs.jsonl", "{\"prompt\":\"a\",\"chosen\":\"b\",\"rejected\":\"c\"}\n");
        CommandRun run = await CommandRun.Of("data", "inspect", Path.GetRelativePath(before, file), "--json");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        CommandRun absent = await CommandRun.Of("data", "inspect", "@pairs.jsonl");
        Assert.Equal(ExitCode.BadInput, absent.Code);
        Assert.Contains("no file @pairs.jsonl", absent.Error, StringComparison.Ordinal);
        CommandRun option = await CommandRun.Of("data", "inspect", file, "--against", "@other.jsonl");
        Assert.Contains("no file @other.jsonl", option.Error, StringComparison.Ordinal);
    }
}
