using System.Text.Json.Nodes;

namespace Goodhart.Text.Parquet.Assembly;

/// <summary>Takes the values that JSON cannot say out of a row.</summary>
internal static class FaultyValues
{
    private static readonly Dictionary<string, CellFault> None = [];

    /// <summary>Puts null in their places.</summary>
    /// <returns>What stood there, by place.</returns>
    public static IReadOnlyDictionary<string, CellFault> TakeFrom(JsonObject row)
    {
        if (!Any(row))
        {
            return None;
        }

        Dictionary<string, CellFault> faults = [];
        Take(row, "", faults);
        return faults;
    }

    private static bool Any(JsonNode? node) => node switch
    {
        JsonObject fields => fields.Any(field => Any(field.Value)),
        JsonArray list => list.Any(Any),
        JsonValue value => value.TryGetValue(out CellFault? _),
        _ => false,
    };

    private static void Take(JsonNode? node, string place, Dictionary<string, CellFault> faults)
    {
        if (node is JsonObject fields)
        {
            foreach ((string name, JsonNode? value) in fields.ToArray())
            {
                string here = place.Length == 0 ? name : $"{place}.{name}";
                if (IsFault(value, here))
                {
                    fields[name] = null;
                }

                Take(value, here, faults);
            }
        }
        else if (node is JsonArray list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                string here = FormattableString.Invariant($"{place}[{i}]");
                if (IsFault(list[i], here))
                {
                    list[i] = null;
                }

                Take(list[i], here, faults);
            }
        }

        bool IsFault(JsonNode? value, string here)
        {
            if (value is JsonValue leaf && leaf.TryGetValue(out CellFault? fault))
            {
                faults[here] = fault;
                return true;
            }

            return false;
        }
    }
}
