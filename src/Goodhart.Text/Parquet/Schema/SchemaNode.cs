using Goodhart.Text.Parquet.Metadata;

namespace Goodhart.Text.Parquet.Schema;

/// <summary>A node of the schema with its children, and the levels that its presence adds up to.</summary>
internal sealed record SchemaNode(SchemaElement Element, IReadOnlyList<SchemaNode> Children, int Leaf, string Path)
{
    public string Name => Element.Name;

    public bool IsLeaf => Element.Children == 0;

    /// <summary>Builds the tree from the footer's depth-first list; the root's children are the columns.</summary>
    public static (IReadOnlyList<SchemaNode> Columns, int Leaves) Build(IReadOnlyList<SchemaElement> elements)
    {
        if (elements.Count == 0)
        {
            throw new InvalidDataException("the footer has no schema");
        }

        int at = 1;
        int leaves = 0;
        IReadOnlyList<SchemaNode> columns = Take(elements[0].Children, string.Empty, depth: 1);
        return at == elements.Count ? (columns, leaves) : throw new InvalidDataException("the schema has fields without a parent");

        List<SchemaNode> Take(int count, string parent, int depth)
        {
            if (count > elements.Count - at || depth > ParquetLimits.Depth)
            {
                throw new InvalidDataException($"the schema below '{parent}' claims {count} fields at depth {depth}");
            }

            List<SchemaNode> nodes = [];
            HashSet<string> names = [];
            for (int i = 0; i < count; i++)
            {
                if (at == elements.Count)
                {
                    throw new InvalidDataException($"the schema ends inside '{parent}'");
                }

                SchemaElement element = elements[at++];
                if (!names.Add(element.Name))
                {
                    throw new InvalidDataException($"the schema has two fields '{element.Name}' below '{parent}'");
                }

                string path = parent.Length == 0 ? element.Name : $"{parent}.{element.Name}";
                int leaf = element.Children == 0 ? leaves++ : -1;
                nodes.Add(new(element, Take(element.Children, path, depth + 1), leaf, path));
            }

            return nodes;
        }
    }
}
