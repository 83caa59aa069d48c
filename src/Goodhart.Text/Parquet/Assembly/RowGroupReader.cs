using System.Text.Json.Nodes;
using Goodhart.Text.Parquet.Metadata;
using Goodhart.Text.Parquet.Pages;
using Goodhart.Text.Parquet.Schema;

namespace Goodhart.Text.Parquet.Assembly;

/// <summary>Reads the rows of one row group, for the columns asked for.</summary>
internal sealed class RowGroupReader
{
    private readonly (string Name, Assembler Values)[] columns;

    /// <param name="leaves">The schema's leaves, in the order of the row group's chunks.</param>
    public RowGroupReader(
        Stream stream, RowGroup group, IReadOnlyList<SchemaNode> leaves, IEnumerable<ParquetField> columns, Place place)
    {
        this.columns = [.. columns.Select(column => (column.Name, Assembler.For(column.Type, 0, Open)))];

        LeafCursor Open(ParquetScalar scalar)
        {
            SchemaNode leaf = leaves[scalar.Leaf];
            ColumnChunk chunk = group.Chunks[scalar.Leaf];
            Place here = place with { Column = leaf.Path, Offset = chunk.Start };
            Check(chunk, leaf, scalar, group.Rows, stream.Length, here);
            return new(new ChunkReader(stream, chunk, scalar, here), scalar);
        }
    }

    public JsonObject ReadRow()
    {
        JsonObject row = [];
        foreach ((string name, Assembler values) in columns)
        {
            row.Add(name, values.Read());
        }

        return row;
    }

    /// <summary>Refuses columns that hold more than the rows said.</summary>
    public void Finish()
    {
        foreach (LeafCursor leaf in columns.SelectMany(column => column.Values.Leaves))
        {
            if (!leaf.AtEnd)
            {
                throw leaf.Here.Refuse("the column goes on behind the last row of its row group");
            }
        }
    }

    private static void Check(ColumnChunk chunk, SchemaNode leaf, ParquetScalar scalar, long rows, long fileSize, Place here)
    {
        if (chunk.Encrypted)
        {
            throw here.NotRead("the column is encrypted; encrypted Parquet is not read");
        }

        if (chunk.OtherFile is not null)
        {
            throw here.NotRead($"the column's data are in another file, '{chunk.OtherFile}'; that is not read");
        }

        if (chunk.Path != leaf.Path || chunk.PhysicalType != (int)scalar.Physical)
        {
            throw here.Refuse(
                $"expected a chunk of '{leaf.Path}' ({scalar.Physical}), found '{chunk.Path}' ({(ParquetPhysicalType)chunk.PhysicalType})");
        }

        if (chunk.Start < 4 || chunk.CompressedSize < 0 || chunk.CompressedSize > fileSize || chunk.Start > fileSize - chunk.CompressedSize)
        {
            throw here.Refuse($"a chunk of {chunk.CompressedSize} bytes at {chunk.Start} in a file of {fileSize}");
        }

        if (chunk.Values < rows || (scalar.MaxRepetition == 0 && chunk.Values != rows))
        {
            throw here.Refuse($"{chunk.Values} values for {rows} rows");
        }
    }
}
