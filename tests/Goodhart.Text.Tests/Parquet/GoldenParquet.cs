using System.Text.Json.Nodes;

namespace Goodhart.Text.Tests.Parquet;

/// <summary>The files of three writers and their rows; see tests/golden/parquet/README.md.</summary>
internal static class GoldenParquet
{
    private static readonly string Folder = Path.Combine(Root(), "tests", "golden", "parquet");

    public static string PathOf(string file) => Path.Combine(Folder, file);

    public static JsonArray Manifest() => JsonNode.Parse(File.ReadAllText(PathOf("manifest.json")))!.AsArray();

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Goodhart.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("no Goodhart.slnx above the tests");
    }
}
