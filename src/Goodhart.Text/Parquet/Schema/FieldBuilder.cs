using Goodhart.Text.Parquet.Metadata;

namespace Goodhart.Text.Parquet.Schema;

/// <summary>Turns schema nodes into fields: scalars, structs and lists, at any depth. Maps are refused by name.</summary>
/// <remarks>Rules for lists of older writers: apache/parquet-format, <c>LogicalTypes.md</c>, "Backward-compatibility rules".</remarks>
internal static class FieldBuilder
{
    public static ParquetField Column(SchemaNode node) => Field(node, definition: 0, repetition: 0);

    /// <param name="definition">The definition level of the parent.</param>
    /// <param name="repetition">How many lists it is in.</param>
    private static ParquetField Field(SchemaNode node, int definition, int repetition)
    {
        if (node.Element.Repetition is FieldRepetition.Repeated)
        {
            return new(node.Name, BareList(node, definition, repetition), Nullable: false);
        }

        bool optional = node.Element.Repetition is FieldRepetition.Optional;
        return new(node.Name, TypeOf(node, definition + (optional ? 1 : 0), repetition), optional);
    }

    private static ParquetType TypeOf(SchemaNode node, int definition, int repetition) => node.IsLeaf
        ? ScalarBuilder.Build(node, definition, repetition)
        : node.Element.Annotation switch
        {
            Annotation.List => AnnotatedList(node, definition, repetition),
            Annotation.Map => Unreadable(node, "is a MAP"),
            _ => Struct(node, definition, repetition),
        };

    private static ParquetType AnnotatedList(SchemaNode node, int definition, int repetition)
    {
        if (node.Children is not [{ Element.Repetition: FieldRepetition.Repeated } repeated])
        {
            return Unreadable(node, "is annotated LIST without one repeated field inside");
        }

        return ElementIsRepeatedField(node, repeated)
            ? BareList(repeated, definition, repetition)
            : new ParquetList(Field(repeated.Children[0], definition + 1, repetition + 1))
            {
                Definition = definition,
                Repetition = repetition + 1,
            };
    }

    /// <summary>Two levels: the repeated field is the element itself.</summary>
    private static bool ElementIsRepeatedField(SchemaNode list, SchemaNode repeated) =>
        repeated.Children.Count != 1
        || repeated.Children[0].Element.Repetition is FieldRepetition.Repeated
        || repeated.Name == "array"
        || repeated.Name == list.Name + "_tuple";

    private static ParquetList BareList(SchemaNode repeated, int definition, int repetition)
    {
        ParquetType element = TypeOf(repeated, definition + 1, repetition + 1);
        return new(new(repeated.Name, element, Nullable: false)) { Definition = definition, Repetition = repetition + 1 };
    }

    private static ParquetStruct Struct(SchemaNode node, int definition, int repetition) =>
        new([.. node.Children.Select(child => Field(child, definition, repetition))]) { Definition = definition };

    private static ParquetUnreadable Unreadable(SchemaNode node, string what) =>
        new($"'{node.Path}' {what}; scalars, and structs and lists of them, are read");
}
