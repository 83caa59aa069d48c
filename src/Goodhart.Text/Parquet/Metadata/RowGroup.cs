namespace Goodhart.Text.Parquet.Metadata;

/// <summary>A horizontal slice of the file: one chunk for each leaf of the schema.</summary>
internal sealed record RowGroup(IReadOnlyList<ColumnChunk> Chunks, long Rows)
{
    public static RowGroup Read(ref ThriftReader thrift, ThriftType type)
    {
        List<ColumnChunk> chunks = [];
        long rows = -1;
        int id = 0;
        thrift.Enter(type);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            switch (id)
            {
                case 1:
                    int count = thrift.List(field, out ThriftType element);
                    for (int i = 0; i < count; i++)
                    {
                        chunks.Add(ColumnChunk.Read(ref thrift, element));
                    }

                    break;
                case 3:
                    rows = thrift.Int64(field);
                    break;
                default:
                    thrift.Skip(field);
                    break;
            }
        }

        thrift.Leave();
        return new(chunks, rows);
    }
}
