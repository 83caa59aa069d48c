using System.Text;
using System.Text.Unicode;
using Goodhart.Text.Parquet;

namespace Goodhart.Text.Datasets.Files;

/// <summary>What a file is, from its first bytes.</summary>
/// <param name="Separator">Of a CSV file; a comma otherwise.</param>
/// <param name="Bom">Bytes of a UTF-8 byte-order mark to pass over.</param>
internal readonly record struct FileContent(DataFormat Format, char Separator, int Bom)
{
    /// <summary>Enough to see a header line.</summary>
    public const int Peek = 1 << 16;

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    public static bool IsGzip(ReadOnlySpan<byte> head) => head.StartsWith<byte>([0x1F, 0x8B]);

    /// <param name="head">The first bytes, decompressed.</param>
    public static FileContent Of(string file, ReadOnlySpan<byte> head)
    {
        if (ParquetFile.IsParquet(head))
        {
            return new FileContent(DataFormat.Parquet, ',', 0);
        }

        RefuseOthers(file, head);
        int bom = head.StartsWith(Utf8Mark) ? Utf8Mark.Length : 0;
        ReadOnlySpan<byte> text = head[bom..].TrimStart(" \t\r\n"u8);
        if (text.IsEmpty && head.Length < Peek)
        {
            throw new InvalidDataException($"{file}: the file is empty; expected rows as JSON lines, a JSON array, CSV or Parquet.");
        }

        return text[0] switch
        {
            (byte)'{' => new FileContent(DataFormat.JsonLines, ',', bom),
            (byte)'[' => new FileContent(DataFormat.JsonArray, ',', bom),
            _ => new FileContent(DataFormat.Csv, SeparatorOf(text), bom),
        };
    }

    private static void RefuseOthers(string file, ReadOnlySpan<byte> head)
    {
        string? found = 0 switch
        {
            _ when IsGzip(head) => "gzip inside gzip; decompress it once",
            _ when head.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD]) => "a zstd file; decompress it first (zstd -d)",
            _ when head.StartsWith("PK\u0003\u0004"u8) => "a zip file; unpack it first",
            _ when head.StartsWith<byte>([0xFF, 0xFE]) || head.StartsWith<byte>([0xFE, 0xFF]) => "UTF-16 text; save it as UTF-8",
            _ when head.StartsWith("ARROW1"u8) => "an Arrow file; save it as Parquet or JSON lines",
            _ when IsBinary(head) => "binary data",
            _ => null,
        };
        if (found is not null)
        {
            throw new InvalidDataException($"{file}: expected JSON lines, a JSON array, CSV or Parquet, plain or gzip; found {found}.");
        }
    }

    /// <summary>
    /// Text may hold the character NUL, which a JSON file escapes and a CSV file cannot; a header line has none, and binary data are no
    /// UTF-8 or have one in their first line.
    /// </summary>
    private static bool IsBinary(ReadOnlySpan<byte> head)
    {
        if (!head.Contains((byte)0))
        {
            return false;
        }

        int line = head.IndexOf((byte)'\n');
        int cut = head.Length < Peek ? head.Length : Math.Max(head.LastIndexOf((byte)'\n'), 0);
        return line < 0 || head[..line].Contains((byte)0) || !Utf8.IsValid(head[..cut]);
    }

    /// <summary>The separator that the header line has most of outside quotes; a comma where it has none.</summary>
    private static char SeparatorOf(ReadOnlySpan<byte> text)
    {
        int lineEnd = text.IndexOfAny((byte)'\n', (byte)'\r');
        StringBuilder unquoted = new();
        bool quoted = false;
        foreach (byte b in lineEnd < 0 ? text : text[..lineEnd])
        {
            quoted ^= b == (byte)'"';
            unquoted.Append(quoted ? ' ' : (char)b);
        }

        string header = unquoted.ToString();
        return ",;\t|".MaxBy(separator => header.Count(c => c == separator));
    }
}
