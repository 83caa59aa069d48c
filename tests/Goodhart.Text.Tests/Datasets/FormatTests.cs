using System.Text;
using System.Text.Json.Nodes;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Writing;
using Xunit;

namespace Goodhart.Text.Tests.Datasets;

public sealed class FormatTests : IDisposable
{
    private readonly GoldenData folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{\"a\":\"x\"}\n{\"a\":\"y\"}\n", DataFormat.JsonLines)]
    [InlineData("\n {\"a\":\"x\"}\r\n\r\n{\"a\":\"y\"}", DataFormat.JsonLines)]
    [InlineData("[{\"a\":\"x\"},\n{\"a\":\"y\"} ]\n", DataFormat.JsonArray)]
    [InlineData("a\nx\ny\n", DataFormat.Csv)]
    [InlineData("\"a\"\r\n\"x\"\r\ny", DataFormat.Csv)]
    public void The_content_decides_whatever_the_packing(string content, DataFormat format)
    {
        byte[] plain = Encoding.UTF8.GetBytes(content);
        byte[] marked = [0xEF, 0xBB, 0xBF, .. plain];
        foreach (byte[] bytes in new[] { plain, GoldenData.Gzip(plain), marked, GoldenData.Gzip(marked) })
        {
            DataFile file = DataFile.Open(folder.Write(bytes));
            Assert.Equal(format, file.Format);
            Assert.Equal(["x", "y"], file.Rows().Select(row => (string)row.Fields["a"]!));
            Assert.Equal([0, 1], file.Rows().Select(row => row.Index));
        }
    }

    [Theory]
    [InlineData("a;b\n1,5;x\n")]
    [InlineData("a\tb\n1,5\tx\n")]
    [InlineData("a|b\n1,5|x\n")]
    [InlineData("a,b\n\"1,5\",x\n")]
    public void Csv_separators_are_found_in_the_header(string content)
    {
        JsonObject row = Assert.Single(DataFile.Open(folder.Write(content)).Rows()).Fields;
        Assert.Equal(("1,5", "x"), ((string)row["a"]!, (string)row["b"]!));
    }

    [Fact]
    public void Csv_tells_an_empty_text_from_nothing()
    {
        JsonObject row = Assert.Single(DataFile.Open(folder.Write("a,b,c\n,\"\",\"two\nlines \"\"q\"\"\"\n")).Rows()).Fields;
        Assert.Null(row["a"]);
        Assert.Equal(("", "two\nlines \"q\""), ((string)row["b"]!, (string)row["c"]!));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData(" \n\n", "the file is empty")]
    [InlineData("{\"a\":1}\n{\"a\":\n", "rows.dat line 2, byte ")]
    [InlineData("{\"a\":1}\n[1]\n", "rows.dat line 2: expected a JSON object with the row's columns, found a list")]
    [InlineData("{\"a\":1} {\"a\":2}\n", "rows.dat line 1")]
    [InlineData("{\"a\":1,\"a\":2}\n", "'a' is given twice")]
    [InlineData("{\"\\ud800\":1}\n", "rows.dat line 1: expected names of columns in valid UTF-8")]
    [InlineData("[{\"a\":1},\n3]", "rows.dat row 2: expected a JSON object with the row's columns, found a number")]
    [InlineData("[{\"a\":1},\n{\"a\":1}", "rows.dat row 3 (line 2, byte ")]
    [InlineData("[{\"a\":1}]x", "rows.dat row 2 (line 1, byte ")]
    [InlineData("a,b\n1,2\n1,2,3\n", "rows.dat line 3: expected 2 fields as in the header, found 3")]
    [InlineData("a,b\n1,2\n1,\"2\n", "rows.dat line 3: not a readable CSV record")]
    [InlineData("a,a\n1,2\n", "rows.dat line 1: expected a header with a name for each column, found two columns 'a'")]
    [InlineData("a,\n1,2\n", "found a column without a name")]
    [InlineData("(\u00b5/\ufffd", "zstd")]
    public void Damage_is_refused_with_its_place(string content, string message)
    {
        byte[] bytes = content.StartsWith('(') ? [0x28, 0xB5, 0x2F, 0xFD, 1] : Encoding.UTF8.GetBytes(content);
        string path = folder.Write(bytes);
        string found = Assert.Throws<InvalidDataException>(() => DataFile.Open(path).Rows().Count()).Message;
        Assert.StartsWith("rows.dat", found, StringComparison.Ordinal);
        Assert.Contains(message, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_Utf8_are_refused()
    {
        byte[] csv = [.. "a,b\n1,2\n1,"u8, 0xFF, (byte)'\n'];
        byte[] json = [.. "{\"a\":\"x\"}\n{\""u8, 0xFF, .. "\":1}\n"u8];
        Assert.StartsWith("rows.dat line 3: expected text in UTF-8", Refusal(csv), StringComparison.Ordinal);
        Assert.StartsWith("rows.dat line 2", Refusal(json), StringComparison.Ordinal);
        Assert.Contains("UTF-16", Refusal(Encoding.Unicode.GetPreamble()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_gzip_file_says_so()
    {
        IEnumerable<string> lines = Enumerable.Range(0, 20_000).Select(i => $"{{\"a\":\"{i * 7919 % 10_007}\"}}\n");
        byte[] rows = Encoding.UTF8.GetBytes(string.Concat(lines));
        Assert.Contains("gzip data is damaged", Refusal(GoldenData.Gzip(rows)[..^4000]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_without_end_is_refused_before_it_fills_the_memory()
    {
        byte[] rows = GoldenData.Gzip([.. "{\"a\":\""u8, .. new byte[ByteWindow.MaxRowBytes + 1].Select(_ => (byte)'x')]);
        Assert.Contains("a row longer than 64 MiB", Refusal(rows), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DataFormat.JsonLines, DataFormat.JsonArray)]
    [InlineData(DataFormat.JsonArray, DataFormat.Csv)]
    [InlineData(DataFormat.Csv, DataFormat.JsonLines)]
    public void Conversion_keeps_texts_nulls_and_conversations(DataFormat first, DataFormat second)
    {
        string rows = """
            {"a":"","b":null,"c":" x, \"y\"\n漢字 😀\r\n ","m":[{"role":"user","content":"q, \"r\""}]}
            {"a":"é","b":"[not json","c":"{\"a\":1}","m":[{"from":"gpt","value":""}]}

            """;
        string source = folder.Write(rows);
        string there = Convert(source, first, "one");
        string back = Convert(Convert(there, second, "two"), DataFormat.JsonLines, "three");

        // Characters above U+FFFF are written as the escapes that mean them.
        Assert.Equal(rows.Replace("😀", "\\uD83D\\uDE00", StringComparison.Ordinal), File.ReadAllText(back));
    }

    private string Convert(string path, DataFormat format, string name)
    {
        string target = folder.InFolder(name);
        using FileStream stream = File.Create(target);
        Assert.Equal(2, Conversion.Write(DataFile.Open(path), format, stream));
        return target;
    }

    private string Refusal(byte[] content)
    {
        string path = folder.Write(content);
        return Assert.Throws<InvalidDataException>(() => DataFile.Open(path).Rows().Count()).Message;
    }
}
