using System.Text.Json.Nodes;
using Goodhart.Text.Parquet.Assembly;
using Goodhart.Text.Parquet.Metadata;
using Goodhart.Text.Parquet.Schema;

namespace Goodhart.Text.Parquet;

/// <summary>
/// A Parquet file, read-only: scalars, and structs and lists of them at any depth, in every common compression and encoding. Memory holds
/// the footer and, for each column read, one page and one dictionary.
/// </summary>
/// <remarks>
/// <para>
/// Not read, and refused by name: maps, dates and times, encryption, LZO and the deprecated LZ4; such a field of a struct is left out.
/// A value that JSON cannot say, such as NaN or bytes that are no text, is null and told with its row. Damaged files are refused with an
/// <see cref="InvalidDataException"/> that says where. Not safe for use by two threads.
/// </para>
/// <para>Format: apache/parquet-format, <c>README.md</c>, <c>Encodings.md</c>, <c>parquet.thrift</c>.</para>
/// </remarks>
public sealed class ParquetFile : IDisposable
{
    private readonly Stream stream;
    private readonly bool leaveOpen;
    private readonly FileMetadata metadata;
    private readonly IReadOnlyList<SchemaNode> leaves;

    private ParquetFile(Stream stream, string name, bool leaveOpen)
    {
        (this.stream, this.leaveOpen) = (stream, leaveOpen);
        Name = name;
        metadata = Footer.Read(stream, name);
        try
        {
            (IReadOnlyList<SchemaNode> columns, int leaves) = SchemaNode.Build(metadata.Schema);
            Columns = [.. columns.Select(FieldBuilder.Column)];
            this.leaves = [.. columns.SelectMany(Leaves)];
            CheckRows(leaves);
        }
        catch (InvalidDataException problem)
        {
            throw new Place(name).Refuse(problem.Message, problem);
        }
    }

    /// <summary>The name used in messages.</summary>
    public string Name { get; }

    /// <summary>The columns, in the file's order. One whose type has a <see cref="ParquetType.Refusal"/> cannot be read.</summary>
    public IReadOnlyList<ParquetField> Columns { get; }

    public long RowCount => metadata.Rows;

    public int RowGroupCount => metadata.RowGroups.Count;

    /// <summary>What the writer added, such as the entry <c>huggingface</c>.</summary>
    public IReadOnlyDictionary<string, string> KeyValues => metadata.KeyValues;

    /// <summary>The writer's name and version, where it gave them.</summary>
    public string? CreatedBy => metadata.CreatedBy;

    /// <summary>Whether content that starts with these bytes claims to be Parquet.</summary>
    public static bool IsParquet(ReadOnlySpan<byte> start) => start.StartsWith("PAR1"u8) || start.StartsWith("PARE"u8);

    /// <summary>Opens a file and reads its footer.</summary>
    /// <exception cref="InvalidDataException">It is not Parquet, or damaged; the message says where.</exception>
    /// <exception cref="NotSupportedException">It is encrypted.</exception>
    public static ParquetFile Open(string path)
    {
        FileStream stream = File.OpenRead(path);
        try
        {
            return new(stream, path, leaveOpen: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads from a stream that can seek; a compressed one has to be unpacked first, for the footer is at the end.</summary>
    /// <param name="name">What to call the content in messages.</param>
    /// <inheritdoc cref="Open(string)" path="/exception"/>
    public static ParquetFile Open(Stream stream, string name, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.CanSeek
            ? new(stream, name, leaveOpen)
            : throw new ArgumentException($"{name}: Parquet is read from the end; give a stream that can seek", nameof(stream));
    }

    /// <summary>Streams the rows, page by page.</summary>
    /// <param name="columns">The columns wanted; null for all. Others are not read at all.</param>
    /// <exception cref="ArgumentException">A column is not in the file, or none is asked for.</exception>
    /// <exception cref="NotSupportedException">A column asked for cannot be read; the message says why.</exception>
    /// <exception cref="InvalidDataException">While reading: the file is damaged; the message says where.</exception>
    public IEnumerable<ParquetRow> ReadRows(IReadOnlyCollection<string>? columns = null)
    {
        ParquetField[] wanted = columns is null ? [.. Columns] : [.. Columns.Where(column => columns.Contains(column.Name))];
        string? missing = columns?.FirstOrDefault(name => Columns.All(column => column.Name != name));
        if (missing is not null || columns is { Count: 0 })
        {
            string asked = missing is null ? "no column was asked for" : $"there is no column '{missing}'";
            throw new ArgumentException($"{Name}: {asked}; the file has {string.Join(", ", Columns)}", nameof(columns));
        }

        foreach (ParquetField column in wanted)
        {
            if (column.Type.Refusal is { } reason)
            {
                throw new Place(Name, Column: column.Name).NotRead($"{reason}. Name the columns wanted to leave it out");
            }
        }

        return Rows(wanted);
    }

    public void Dispose()
    {
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }

    private static IEnumerable<SchemaNode> Leaves(SchemaNode node) => node.IsLeaf ? [node] : node.Children.SelectMany(Leaves);

    private IEnumerable<ParquetRow> Rows(ParquetField[] columns)
    {
        long number = 0;
        for (int group = 0; group < RowGroupCount; group++)
        {
            RowGroupReader reader = new(stream, metadata.RowGroups[group], leaves, columns, new Place(Name, group));
            for (long row = 0; row < metadata.RowGroups[group].Rows; row++)
            {
                JsonObject values = reader.ReadRow();
                yield return new(++number, group, values, FaultyValues.TakeFrom(values));
            }

            reader.Finish();
        }
    }

    private void CheckRows(int leaves)
    {
        long left = metadata.Rows;
        for (int group = 0; group < RowGroupCount; group++)
        {
            RowGroup rows = metadata.RowGroups[group];
            if (rows.Rows < 0 || rows.Rows > left || rows.Chunks.Count != leaves)
            {
                throw new InvalidDataException(
                    $"row group {group} has {rows.Rows} rows and {rows.Chunks.Count} columns; {left} rows and {leaves} are expected");
            }

            left -= rows.Rows;
        }

        // Without columns nothing would bound the rows.
        if (left != 0 || (leaves == 0 && metadata.Rows > 0))
        {
            throw new InvalidDataException($"the footer claims {metadata.Rows} rows, {left} of them in no row group, of {leaves} columns");
        }
    }
}
