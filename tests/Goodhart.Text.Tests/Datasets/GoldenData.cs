using System.IO.Compression;
using System.Text;

namespace Goodhart.Text.Tests.Datasets;

/// <summary>The extracts under tests/golden/data, and files made for one test.</summary>
internal sealed class GoldenData : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-data").FullName;

    public static string PathOf(string name) => Path.Combine(Root(AppContext.BaseDirectory), "tests", "golden", "data", name);

    /// <summary>A file with a name that says nothing of its content.</summary>
    public string Write(byte[] content, string name = "rows.dat")
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string content) => Write(Encoding.UTF8.GetBytes(content));

    public string InFolder(string name) => Path.Combine(folder, name);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static string Root(string start)
    {
        DirectoryInfo folder = new(start);
        while (!File.Exists(Path.Combine(folder.FullName, "Goodhart.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"no folder above {start} holds Goodhart.slnx");
        }

        return folder.FullName;
    }
}
