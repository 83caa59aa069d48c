using System.CommandLine;
using System.Globalization;
using Goodhart.Cli.Parsing;
using Xunit;

namespace Goodhart.Cli.Tests.Parsing;

/// <summary>
/// Every number option of every verb reads one notation, whatever the machine's language, and refuses all others by name.
/// </summary>
public sealed class NumberOptionTests
{
    private static readonly Dictionary<string, double> Reals = new()
    {
        ["0.25"] = 0.25,
        ["2.5e-1"] = 0.25,
        ["1e-3"] = 0.001,
        [".5"] = 0.5,
        ["0.0625"] = 0.0625,
    };

    private static readonly Dictionary<string, long> Wholes = new()
    {
        ["7"] = 7,
        ["1234"] = 1234,
        ["0016"] = 16,
        ["12"] = 12,
        ["4000"] = 4000,
    };

    private static readonly string[] NoReals =
        ["abc", "", " ", "0,5", "1,000", "1.000,5", "1 000", "1e400", "-1e400", "nan", "Infinity", "∞", "٠٫٥", "0x10", "1_000", "½"];

    private static readonly string[] NoWholes =
        [
            "abc", "", " ", "4.5", "4,5", "1,000", "1.000", "1 000", "1e3", "1e400", "nan", "∞", "٧", "0x10", "99999999999999999999999",
            "7.0",
        ];

    public static TheoryData<string> Verbs => [.. CommandTree.Verbs.Where(verb => CommandTree.OptionsOf(verb).Any(CommandTree.IsNumber))];

    [Fact]
    public void Every_kind_of_number_is_among_them()
    {
        Cultures.RequireLanguages();
        Assert.True(CommandTree.Options.Count(entry => CommandTree.IsReal(entry.Option)) > 30, "the command tree has lost its numbers");
        Assert.True(
            CommandTree.Options.Count(entry => CommandTree.IsWhole(entry.Option)) > 60, "the command tree has lost its whole numbers");

        // What is neither text, flag, choice nor one of these would be read by the library, in the machine's language.
        Assert.All(CommandTree.Options, entry => Assert.True(
            CommandTree.IsNumber(entry.Option) || CommandTree.IsChoice(entry.Option) || CommandTree.IsFlag(entry.Option)
            || entry.Option.ValueType == typeof(DateTime?) || entry.Option.ValueType == typeof(string)
            || entry.Option.ValueType == typeof(string[]) || entry.Option.ValueType == typeof(System.Net.IPAddress),
            $"{string.Join(' ', entry.Verb)} {entry.Option.Name} is a {entry.Option.ValueType}"));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_number_is_the_same_in_every_language(string verb)
    {
        Option[] options = [.. CommandTree.OptionsOf(verb).Where(CommandTree.IsNumber)];
        Dictionary<string, int> read = options.ToDictionary(option => option.Name, _ => 0);
        foreach ((string real, string whole) in Reals.Keys.Zip(Wholes.Keys))
        {
            object?[] plain = Values(real, whole);
            Assert.All(Cultures.All, culture => Assert.Equal(plain, Cultures.In(culture, () => Values(real, whole))));
            // others are out of the option's range
            foreach ((Option option, object? value) in options.Zip(plain).Where(pair => pair.Second is not null))
            {
                read[option.Name]++;
                Assert.Equal(
                    CommandTree.IsReal(option) ? Reals[real] : Wholes[whole], Convert.ToDouble(value, CultureInfo.InvariantCulture));
            }
        }

        Assert.All(
            options, option => Assert.True(read[option.Name] >= 2, $"{option.Name} has read only {read[option.Name]} of the numbers"));

        object?[] Values(string real, string whole)
        {
            ParseResult parse = CommandTree.Parse(CommandLine(verb, options, real, whole));
            return [.. options.Select(option => CommandTree.ValueOf(parse, verb.Split(' '), option.Name))];
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void What_is_no_number_is_refused_by_name_with_an_example(string verb)
    {
        Option[] options = [.. CommandTree.OptionsOf(verb).Where(CommandTree.IsNumber)];
        foreach ((string real, string whole) in NoReals.Zip(NoWholes))
        {
            string[] plain = Refusals(real, whole);
            Assert.All(Cultures.All, culture => Assert.Equal(plain, Cultures.In(culture, () => Refusals(real, whole))));
            Assert.All(options, option =>
            {
                string text = CommandTree.IsReal(option) ? real : whole;
                string message = Assert.Single(plain, error => error.StartsWith($"{option.Name}: expected ", StringComparison.Ordinal));
                Assert.Contains(text.Trim().Length == 0 ? "found an empty text." : $"found {text}.", message, StringComparison.Ordinal);
                Assert.Contains($" Example: {option.Name} ", message, StringComparison.Ordinal);
            });
        }

        string[] Refusals(string real, string whole) =>
            [.. CommandTree.Parse(CommandLine(verb, options, real, whole)).Errors.Select(error => error.Message)];
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_refusal_ends_with_code_2_and_its_example_is_accepted(string verb)
    {
        Option[] options = [.. CommandTree.OptionsOf(verb).Where(CommandTree.IsNumber)];
        CommandRun run = await Cultures.In("de-DE", () => CommandRun.Of(CommandLine(verb, options, "0,5", "4.5")));
        Assert.Equal((ExitCode.BadInput, ""), (run.Code, run.Output));
        Assert.All(options, option =>
        {
            string line = run.Error.Split('\n')
                .Single(text => text.StartsWith($"error: {option.Name}: expected ", StringComparison.Ordinal));
            string example = line[(line.LastIndexOf(' ') + 1)..];
            Assert.NotNull(
                CommandTree.ValueOf(CommandTree.Parse([.. verb.Split(' '), option.Name, example]), verb.Split(' '), option.Name));
        });
    }

    [Theory]
    [InlineData("align", "--checkpoints", "0.5,1", "0,5;1")]
    [InlineData("tree", "--beta", "0.1,2e-1", "0,1x")]
    public void Lists_of_numbers_too(string verb, string option, string good, string bad)
    {
        foreach (string culture in Cultures.All)
        {
            Assert.Equal(good, Cultures.In(culture, () => CommandTree.ValueOf(CommandTree.Parse(verb, option, good), [verb], option)));
            Assert.Null(Cultures.In(culture, () => CommandTree.ValueOf(CommandTree.Parse(verb, option, bad), [verb], option)));
        }
    }

    [Fact]
    public void A_list_of_numbers_is_read_in_one_notation()
    {
        NumberListOption list = new("--list", "0.5,1", NumberRule.Share(1), "A list.");
        RootCommand root = [list.Option];
        Assert.All(
            Cultures.All, culture => Assert.Equal([0.25, 1.0], Cultures.In(culture, () => list.Of(root.Parse(["--list", "0.25,1"])))));
        Assert.All(["", ",", "0.5,nan", "0.5,1e400", "0.5,2", "0.5;1"], text => Assert.Single(root.Parse(["--list", text]).Errors));
    }

    [Theory]
    [InlineData("2026-07-26", "2026-07-26T00:00:00")]
    [InlineData("2026-07-26T12:30", "2026-07-26T12:30:00")]
    [InlineData("2026-07-26 12:30:05", "2026-07-26T12:30:05")]
    [InlineData("2026-07-26T12:30:05Z", "2026-07-26T12:30:05")]
    [InlineData("26.07.2026", null)]
    [InlineData("07/26/2026", null)]
    [InlineData("1404-05-04T25:00", null)]
    [InlineData("", null)]
    public void A_time_is_the_same_in_every_language_and_calendar(string text, string? expected)
    {
        Assert.Contains(CommandTree.Options, entry => entry.Option.ValueType == typeof(DateTime?));
        foreach (string culture in (string[])[.. Cultures.All, "th-TH"])
        {
            Assert.All(CommandTree.Options.Where(entry => entry.Option.ValueType == typeof(DateTime?)), entry =>
            {
                ParseResult parse = Cultures.In(culture, () => CommandTree.Parse([.. entry.Verb, entry.Option.Name, text]));
                Assert.Equal(
                    expected,
                    ((DateTime?)CommandTree.ValueOf(parse, entry.Verb, entry.Option.Name))?.ToString("s", CultureInfo.InvariantCulture));
                Assert.Equal(
                    expected is null,
                    parse.Errors.Any(error => error.Message.Contains($"Example: {entry.Option.Name} 2026-", StringComparison.Ordinal)));
            });
        }
    }

    [Fact]
    public async Task A_budget_is_what_it_says_in_every_language()
    {
        using TemporaryFolder folder = new();
        string a = Judging.Responses.Write(folder, "a.jsonl", 40, i => i);
        string b = Judging.Responses.Write(folder, "b.jsonl", 40, i => i + 1);
        string[] args =
        [
            "winrate", a, b, "--judge", "openai", "--judge-model", "m", "--base-url", "http://127.0.0.1:1/v1", "--price-in", "2.5",
            "--price-out", "10", "--judge-plan",
        ];
        CommandRun plain = await CommandRun.Of(args);
        Assert.Equal((ExitCode.Done, ""), (plain.Code, plain.Error));
        Assert.Matches(@"at most \$0\.\d\d", plain.Output);   // 40 replies of 256 tokens at $10 a million: $0.10 and a little
        foreach (string culture in Cultures.All)
        {
            Assert.Equal(plain, await Cultures.In(culture, () => CommandRun.Of(args)));
        }
    }

    /// <summary>All of a verb's numbers at once.</summary>
    private static string[] CommandLine(string verb, IEnumerable<Option> options, string real, string whole) =>
        [.. verb.Split(' '), .. options.SelectMany(option => (string[])[option.Name, CommandTree.IsReal(option) ? real : whole])];
}
