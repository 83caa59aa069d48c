namespace Goodhart.Text.Datasets.Files;

/// <summary>A file of rows in any of the formats, plain or gzip.</summary>
/// <remarks>Text is read as a stream: a row at a time is in memory. Each enumeration of <see cref="Rows"/> reads the file anew.</remarks>
public sealed class DataFile
{
    private readonly FileContent content;

    private DataFile(string path, bool compressed, FileContent content)
    {
        Path = path;
        IsCompressed = compressed;
        this.content = content;
    }

    public string Path { get; }

    /// <summary>The file's name, for messages.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    public DataFormat Format => content.Format;

    /// <summary>Whether the whole file is gzip.</summary>
    public bool IsCompressed { get; }

    /// <summary>Looks at the first bytes.</summary>
    /// <exception cref="InvalidDataException">Empty, or of no format that is read here.</exception>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    public static DataFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                Directory.Exists(path)
                    ? $"{path} is a folder; expected a file of rows in it."
                    : $"no file {path}; expected JSON lines, JSON, CSV or Parquet.");
        }

        string name = System.IO.Path.GetFileName(path);
        bool compressed = IsGzip(path);
        using Stream stream = Content(path, compressed);
        byte[] head = new byte[FileContent.Peek];
        int length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return new DataFile(path, compressed, FileContent.Of(name, head.AsSpan(0, length)));
    }

    /// <summary>Columns, and fields in columns (<c>messages[].time</c>), of types that are not read: dates, maps and such. Only Parquet
    /// files have them. A CSV file may have row numbers without a name.</summary>
    public IReadOnlyList<string> UnreadColumns => Format switch
    {
        DataFormat.Parquet => ParquetRows.UnreadColumns(Name, Path, IsCompressed),
        DataFormat.Csv when CsvRows.HasIndex(Name, Text(), content.Separator) => [CsvRows.PandasIndex],
        _ => [],
    };

    /// <summary>The rows in order, without <see cref="UnreadColumns"/>.</summary>
    /// <param name="bad">Is told of what is no row where another could stand, and the file is read on; null: it is thrown.</param>
    /// <exception cref="InvalidDataException">A damaged file; the message has file, line or row, and what was expected.</exception>
    public IEnumerable<DataRow> Rows(Action<BadRowException>? bad = null) => Format switch
    {
        DataFormat.JsonLines => JsonLinesRows.Read(Name, Text(), bad),
        DataFormat.JsonArray => JsonArrayRows.Read(Name, Text(), bad),
        DataFormat.Csv => CsvRows.Read(Name, Text(), content.Separator, bad),
        _ => ParquetRows.Read(Name, Path, IsCompressed),
    };

    private static bool IsGzip(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (!stream.CanSeek)
        {
            throw new InvalidDataException($"{path} is a pipe, and rows are read more than once; save it as a file first.");
        }

        Span<byte> magic = stackalloc byte[2];
        return stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && FileContent.IsGzip(magic);
    }

    private static CheckedStream Content(string path, bool compressed)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        string name = System.IO.Path.GetFileName(path);
        return compressed ? GzipContent.Open(name, stream) : new CheckedStream(name, stream);
    }

    private CheckedStream Text()
    {
        CheckedStream stream = Content(Path, IsCompressed);
        stream.ReadExactly(stackalloc byte[content.Bom]);
        return stream;
    }
}
