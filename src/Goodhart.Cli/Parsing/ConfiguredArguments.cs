using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Goodhart.Studies.Configuration;

namespace Goodhart.Cli.Parsing;

/// <summary>The command line with what its <c>--config</c> file adds to it.</summary>
/// <param name="Args">As if all had been typed.</param>
/// <param name="Places">Where in the file each added option or argument stands, by its name on the command line.</param>
internal sealed record ConfiguredArguments(string[] Args, IReadOnlyDictionary<string, string> Places)
{
    /// <exception cref="StudyFileException">The file is wrong.</exception>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static ConfiguredArguments Of(ParseResult parse, string[] args)
    {
        Command command = parse.CommandResult.Command;
        if (command.Options.OfType<ConfigOption>().FirstOrDefault() is not { } config
            || parse.GetResult(config) is not { Tokens: [{ Value: { } path }] })
        {
            return new(args, new Dictionary<string, string>());
        }

        Dictionary<string, Symbol> symbols = command.Arguments.Cast<Symbol>()
            .Concat(command.Options.Where(option => option is not (ConfigOption or HelpOption)))
            .ToDictionary(KeyOf, StringComparer.Ordinal);
        IReadOnlyList<OptionValue> file = OptionFile.Read(
            path, command.Name, [.. symbols.Select(entry => new OptionKey(entry.Key, KindOf(entry.Value)))]);
        Dictionary<string, string> places = [];
        List<string> arguments = [];
        List<string> options = [];
        foreach (OptionValue value in file.Where(value => !IsGiven(parse, symbols[value.Name])))
        {
            places[symbols[value.Name].Name] = value.Place;
            (symbols[value.Name] is Option ? options : arguments).AddRange(Tokens(symbols[value.Name], value));
        }

        return new([.. args, .. options, .. arguments], places);
    }

    /// <summary>An error's message, with the place in the file where it comes from there.</summary>
    public string Describe(ParseError error)
    {
        Symbol? symbol = error.SymbolResult switch
        {
            OptionResult option => option.Option,
            ArgumentResult { Parent: OptionResult option } => option.Option,
            ArgumentResult argument => argument.Argument,
            _ => null,
        };
        return symbol is not null && Places.TryGetValue(symbol.Name, out string? place) ? $"{place}: {error.Message}" : error.Message;
    }

    private static IEnumerable<string> Tokens(Symbol symbol, OptionValue value) => symbol switch
    {
        Option { ValueType: { } type } when type == typeof(bool) => value.Values[0] == "true" ? [symbol.Name] : [],
        Option { ValueType: { } type } when type == typeof(string[]) => value.Values.SelectMany(text => (string[])[symbol.Name, text]),
        Option => [symbol.Name, string.Join(',', value.Values)],
        _ => value.Values,
    };

    private static bool IsGiven(ParseResult parse, Symbol symbol) => symbol switch
    {
        Option option => parse.GetResult(option) is { Implicit: false },
        Argument argument => parse.GetResult(argument) is { Tokens.Count: > 0 },
        _ => false,
    };

    /// <summary><c>--learning-rate</c> is learningRate, <c>MODEL</c> is model.</summary>
    internal static string KeyOf(Symbol symbol) => symbol is Argument
        ? symbol.Name.ToLowerInvariant()
        : JsonNamingPolicy.CamelCase.ConvertName(
            string.Concat(symbol.Name.TrimStart('-').Split('-').Select(part => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(part))));

    private static OptionKind KindOf(Symbol symbol)
    {
        Type type = (symbol as Option)?.ValueType ?? ((Argument)symbol).ValueType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(bool) ? OptionKind.Flag
            : type == typeof(int) || type == typeof(ulong) ? OptionKind.Whole
            : type == typeof(double) ? OptionKind.Number
            : OptionKind.Text;
    }
}
