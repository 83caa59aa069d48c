using System.Text.Json.Nodes;
using Goodhart.Text.Parquet.Pages;

namespace Goodhart.Text.Parquet.Assembly;

internal sealed class ScalarAssembler(LeafCursor leaf, int definition) : Assembler
{
    public override IReadOnlyList<LeafCursor> Leaves { get; } = [leaf];

    public override JsonNode? Read() => leaf.Definition >= definition ? leaf.Take() : throw Disagreement(leaf);
}
