using Goodhart.Text.Parquet;

namespace Goodhart.Text.Datasets.Files;

/// <summary>The rows of a Parquet file. One inside gzip is unpacked to a temporary file first, as Parquet is read from its end.</summary>
internal static class ParquetRows
{
    // What a small hostile gzip file may become on disk.
    private const long MostUnpackedBytes = 16L << 30;

    public static IEnumerable<DataRow> Read(string name, string path, bool compressed)
    {
        using ParquetFile file = Open(name, path, compressed);
        string[] readable = [.. file.Columns.Where(column => column.Type.Refusal is null).Select(column => column.Name)];
        if (readable.Length == 0)
        {
            throw new InvalidDataException($"{name}: expected columns of text, found {string.Join(", ", file.Columns)}.");
        }

        foreach (ParquetRow row in file.ReadRows(readable))
        {
            yield return new DataRow(name, (int)(row.Number - 1), FormattableString.Invariant($"row {row.Number}"), row.Values)
            {
                Faults = row.Faults,
            };
        }
    }

    public static IReadOnlyList<string> UnreadColumns(string name, string path, bool compressed)
    {
        using ParquetFile file = Open(name, path, compressed);
        return [.. file.Columns.SelectMany(column => column.Type.Unread(column.Name))];
    }

    private static ParquetFile Open(string name, string path, bool compressed)
    {
        FileStream stream = File.OpenRead(path);
        try
        {
            stream = compressed ? Unpack(name, stream) : stream;
            return ParquetFile.Open(stream, name);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static FileStream Unpack(string name, FileStream packed)
    {
        FileStream unpacked = new(
            Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            using CheckedStream content = GzipContent.Open(name, packed);
            byte[] buffer = new byte[1 << 16];
            for (int count; (count = content.Read(buffer)) > 0;)
            {
                unpacked.Write(buffer.AsSpan(0, count));
                if (unpacked.Length > MostUnpackedBytes)
                {
                    throw new InvalidDataException(
                        $"{name}: more than {MostUnpackedBytes >> 30} GiB inside gzip; unpack it and give the Parquet file.");
                }
            }

            unpacked.Position = 0;
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }
}
