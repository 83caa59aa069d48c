using System.Text.Json.Nodes;
using Goodhart.Text.Parquet.Pages;

namespace Goodhart.Text.Parquet.Assembly;

internal sealed class StructAssembler((string Name, Assembler Value)[] fields, int definition) : Assembler
{
    public override IReadOnlyList<LeafCursor> Leaves { get; } = [.. fields.SelectMany(field => field.Value.Leaves)];

    public override JsonNode? Read()
    {
        if (Leaves[0].Definition < definition)
        {
            SkipAbsent(definition);
            return null;
        }

        JsonObject values = [];
        foreach ((string name, Assembler value) in fields)
        {
            values.Add(name, value.Read());
        }

        return values;
    }
}
