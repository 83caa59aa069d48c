using System.CommandLine;
using System.Text.Json;

namespace Goodhart.Cli.Parsing;

/// <summary>Options that take one of an enum's names.</summary>
/// <remarks>The library's own conversion takes any number for a name.</remarks>
internal static class ChoiceOption
{
    public static Option<T> Of<T>(string name, T standard, string what)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
        Option<T> option = new(name)
        {
            Description = what,
            DefaultValueFactory = _ => standard,
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                string text = result.Tokens is [{ Value: { } found }] ? found : "";
                int place = Array.FindIndex(names, candidate => candidate.Equals(text, StringComparison.OrdinalIgnoreCase));
                if (place < 0)
                {
                    result.AddError($"{name}: expected one of {string.Join(", ", names)}, found '{text}'. Example: {name} {names[0]}");
                    return default;
                }

                return Enum.GetValues<T>()[place];
            },
        };
        return option;
    }
}
