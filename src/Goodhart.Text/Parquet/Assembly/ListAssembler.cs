using System.Text.Json.Nodes;
using Goodhart.Text.Parquet.Pages;

namespace Goodhart.Text.Parquet.Assembly;

/// <param name="definition">The definition level at which the list is there.</param>
/// <param name="repetition">The repetition level at which it goes on.</param>
internal sealed class ListAssembler(Assembler element, int definition, int repetition) : Assembler
{
    public override IReadOnlyList<LeafCursor> Leaves => element.Leaves;

    public override JsonNode? Read()
    {
        foreach (LeafCursor leaf in Leaves)
        {
            if (leaf.Repetition >= repetition)
            {
                throw leaf.Here.Refuse("a row starts in the middle of a list");
            }
        }

        int there = Leaves[0].Definition;
        if (there <= definition)
        {
            SkipAbsent(definition + 1);
            return there < definition ? null : new JsonArray();
        }

        JsonArray values = [];
        do
        {
            if (values.Count == ParquetLimits.ListElements)
            {
                throw Leaves[0].Here.Refuse($"a list of more than {ParquetLimits.ListElements} elements in one row");
            }

            values.Add(element.Read());
        }
        while (GoesOn());
        return values;
    }

    private bool GoesOn()
    {
        bool goesOn = Continues(Leaves[0]);
        for (int i = 1; i < Leaves.Count; i++)
        {
            if (Continues(Leaves[i]) != goesOn)
            {
                throw Disagreement(Leaves[i]);
            }
        }

        return goesOn;
    }

    private bool Continues(LeafCursor leaf) => !leaf.AtEnd && leaf.Repetition >= repetition;
}
