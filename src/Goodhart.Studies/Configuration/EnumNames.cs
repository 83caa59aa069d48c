using System.Text.Json;

namespace Goodhart.Studies.Configuration;

/// <summary>An enum's values as study files and study.json spell them: in camel case.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    public static T Read(MappingReader reader, string key)
    {
        string name = reader.Read(key, ValueRule.OneOf(All), All[0]);
        return Enum.Parse<T>(name, ignoreCase: true);
    }
}
