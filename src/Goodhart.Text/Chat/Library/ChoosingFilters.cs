using Goodhart.Text.Chat.Safety;
using Goodhart.Text.Chat.Values;

namespace Goodhart.Text.Chat.Library;

/// <summary>select, reject and the like: the items, or those with an attribute, that pass a test.</summary>
internal static class ChoosingFilters
{
    public static Dictionary<string, Filter> All { get; } = new(StringComparer.Ordinal)
    {
        ["select"] = Choosing(byAttribute: false, keeps: true),
        ["reject"] = Choosing(byAttribute: false, keeps: false),
        ["selectattr"] = Choosing(byAttribute: true, keeps: true),
        ["rejectattr"] = Choosing(byAttribute: true, keeps: false),
    };

    private static Filter Choosing(bool byAttribute, bool keeps) => (value, arguments, budget) =>
    {
        if (byAttribute && arguments.Positional.Count == 0)
        {
            throw TemplateFault.Type($"the attribute's name is missing");
        }

        object? attribute = byAttribute ? arguments.Positional[0] : null;
        object[] rest = [.. arguments.Positional.Skip(byAttribute ? 1 : 0)];
        Test holds = rest.Length == 0
            ? (item, _, _) => Kinds.IsTrue(item)
            : Tests.Get(TextMethods.Text("select", rest[0]));
        Arguments given = new([.. rest.Skip(1)], arguments.Named);
        return new Generator(Kinds.Iterate(value, budget)
            .Where(item => holds(attribute is null ? item : Lookup.Path(item, attribute, budget), given, budget) == keeps));
    };
}
