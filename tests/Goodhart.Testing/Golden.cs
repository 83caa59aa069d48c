using System.Text.Json;

namespace Goodhart.Testing;

/// <summary>Reference numbers under tests/golden; each folder's README.md is their birth certificate.</summary>
public static class Golden
{
    private const string Folder = "tests/golden";

    /// <summary>The repository's root, or what was copied of it: the folder above the binaries that holds <c>tests/golden</c>.</summary>
    public static string Root { get; } = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, "tests", "golden", .. parts]);

    public static JsonElement Json(params string[] parts)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path(parts)));
        return document.RootElement.Clone();
    }

    public static int[] Ints(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetDouble())];

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(System.IO.Path.Combine(folder.FullName, Folder)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"{Folder} is not above the binaries.");
    }
}
