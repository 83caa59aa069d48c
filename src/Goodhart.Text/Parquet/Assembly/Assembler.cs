using System.Text.Json.Nodes;
using Goodhart.Text.Parquet.Pages;

namespace Goodhart.Text.Parquet.Assembly;

/// <summary>Puts the values of one field together from its leaves' levels, row after row. One subtype for each kind of field.</summary>
/// <remarks>Levels are Dremel's: Melnik et al. 2010, section 4.</remarks>
internal abstract class Assembler
{
    /// <summary>The cursors below this field; they must agree on what is there.</summary>
    public abstract IReadOnlyList<LeafCursor> Leaves { get; }

    /// <param name="leaf">Opens the cursor of a scalar.</param>
    /// <param name="definition">The definition level at which the parent is there.</param>
    public static Assembler For(ParquetType type, int definition, Func<ParquetScalar, LeafCursor> leaf) => type switch
    {
        ParquetScalar scalar => new ScalarAssembler(leaf(scalar), definition),
        ParquetStruct fields => new StructAssembler(
            [
                .. fields.Fields.Where(field => field.Type.Refusal is null)
                    .Select(field => (field.Name, For(field.Type, fields.Definition, leaf))),
            ],
            fields.Definition),
        ParquetList list => new ListAssembler(For(list.Element.Type, list.Definition + 1, leaf), list.Definition, list.Repetition),
        _ => throw new NotSupportedException(type.Refusal),
    };

    public abstract JsonNode? Read();

    /// <summary>Steps over a place where nothing is there from <paramref name="definition"/> on; all leaves must say so.</summary>
    protected void SkipAbsent(int definition)
    {
        foreach (LeafCursor leaf in Leaves)
        {
            if (leaf.Definition >= definition)
            {
                throw Disagreement(leaf);
            }

            leaf.Take();
        }
    }

    protected static InvalidDataException Disagreement(LeafCursor leaf) =>
        leaf.Here.Refuse("the columns of one structure disagree on what is there");
}
