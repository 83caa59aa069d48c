using Goodhart.Text.Parquet.Metadata;

namespace Goodhart.Text.Parquet.Schema;

/// <summary>Turns schema nodes into fields: scalars, structs of scalars, lists of either. Deeper nesting is refused by name.</summary>
/// <remarks>Rules for lists of older writers: apache/parquet-format, <c>LogicalTypes.md</c>, "Backward-compatibility rules".</remarks>
internal static class FieldBuilder
{
    public static ParquetField Column(SchemaNode node) => node.Element.Repetition is Repetition.Repeated
        ? new(node.Name, BareList(node, definition: 0), Nullable: false)
        : Field(node, definition: 0, inList: false, inStruct: false);

    /// <param name="definition">The definition level of the parent.</param>
    private static ParquetField Field(SchemaNode node, int definition, bool inList, bool inStruct)
    {
        bool optional = node.Element.Repetition is Repetition.Optional;
        int own = definition + (optional ? 1 : 0);
        return new(node.Name, TypeOf(node, own, inList, inStruct), optional);
    }

    private static ParquetType TypeOf(SchemaNode node, int definition, bool inList, bool inStruct)
    {
        if (node.Element.Repetition is Repetition.Repeated)
        {
            return Unreadable(node, "is a repeated field inside another structure");
        }

        if (node.IsLeaf)
        {
            return ScalarBuilder.Build(node, definition, inList ? 1 : 0);
        }

        return node.Element.Annotation switch
        {
            Annotation.List when inList || inStruct => Unreadable(node, "is a list inside another structure"),
            Annotation.List => AnnotatedList(node, definition),
            Annotation.Map => Unreadable(node, "is a MAP"),
            _ when inStruct => Unreadable(node, "is a struct inside a struct"),
            _ => Struct(node, definition, inList),
        };
    }

    private static ParquetType AnnotatedList(SchemaNode node, int definition)
    {
        if (node.Children is not [{ Element.Repetition: Repetition.Repeated } repeated])
        {
            return Unreadable(node, "is annotated LIST without one repeated field inside");
        }

        return ElementIsRepeatedField(node, repeated)
            ? BareList(repeated, definition)
            : new ParquetList(Field(repeated.Children[0], definition + 1, inList: true, inStruct: false)) { Definition = definition };
    }

    /// <summary>Two levels: the repeated field is the element itself.</summary>
    private static bool ElementIsRepeatedField(SchemaNode list, SchemaNode repeated) =>
        repeated.Children.Count != 1
        || repeated.Children[0].Element.Repetition is Repetition.Repeated
        || repeated.Name == "array"
        || repeated.Name == list.Name + "_tuple";

    private static ParquetList BareList(SchemaNode repeated, int definition)
    {
        ParquetType element = repeated switch
        {
            { IsLeaf: true } => ScalarBuilder.Build(repeated, definition + 1, repetition: 1),
            { Element.Annotation: Annotation.List or Annotation.Map } => Unreadable(repeated, "is a list or map inside a list"),
            _ => Struct(repeated, definition + 1, inList: true),
        };
        return new(new(repeated.Name, element, Nullable: false)) { Definition = definition };
    }

    private static ParquetStruct Struct(SchemaNode node, int definition, bool inList) =>
        new([.. node.Children.Select(child => Field(child, definition, inList, inStruct: true))]) { Definition = definition };

    private static ParquetUnreadable Unreadable(SchemaNode node, string what) =>
        new($"'{node.Path}' {what}; scalars, structs of scalars and lists of either are read");
}
