namespace Goodhart.Text.Parquet.Metadata;

/// <summary>The footer: schema, row groups, and what the writer says of itself.</summary>
internal sealed record FileMetadata(
    IReadOnlyList<SchemaElement> Schema,
    long Rows,
    IReadOnlyList<RowGroup> RowGroups,
    IReadOnlyDictionary<string, string> KeyValues,
    string? CreatedBy)
{
    public static FileMetadata Read(ref ThriftReader thrift)
    {
        List<SchemaElement> schema = [];
        List<RowGroup> groups = [];
        Dictionary<string, string> keyValues = [];
        long rows = -1;
        string? createdBy = null;
        int id = 0;
        thrift.Enter(ThriftType.Struct);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            switch (id)
            {
                case 2:
                    for (int left = thrift.List(field, out ThriftType element); left > 0; left--)
                    {
                        schema.Add(SchemaElement.Read(ref thrift, element));
                    }

                    break;
                case 3:
                    rows = thrift.Int64(field);
                    break;
                case 4:
                    for (int left = thrift.List(field, out ThriftType element); left > 0; left--)
                    {
                        groups.Add(RowGroup.Read(ref thrift, element));
                    }

                    break;
                case 5:
                    for (int left = thrift.List(field, out ThriftType element); left > 0; left--)
                    {
                        ReadKeyValue(ref thrift, element, keyValues);
                    }

                    break;
                case 6:
                    createdBy = thrift.Text(field);
                    break;
                default:
                    thrift.Skip(field);
                    break;
            }
        }

        thrift.Leave();
        return new(schema, rows, groups, keyValues, createdBy);
    }

    private static void ReadKeyValue(ref ThriftReader thrift, ThriftType type, Dictionary<string, string> into)
    {
        string key = string.Empty;
        string value = string.Empty;
        int id = 0;
        thrift.Enter(type);
        while (thrift.NextField(ref id, out ThriftType field))
        {
            switch (id)
            {
                case 1: key = thrift.Text(field); break;
                case 2: value = thrift.Text(field); break;
                default: thrift.Skip(field); break;
            }
        }

        thrift.Leave();
        into[key] = value;
    }
}
