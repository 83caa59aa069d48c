namespace Goodhart.Models.Tests.Safetensors;

/// <summary>Paths below tests/golden, and scratch folders.</summary>
internal static class GoldenFiles
{
    public static string PathOf(params string[] parts) => Path.Combine([Root(), "tests", "golden", .. parts]);

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Goodhart.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no folder with Goodhart.slnx above the tests");
    }
}

/// <summary>A folder that goes away with the test.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("goodhart-models-").FullName;

    public string PathOf(params string[] parts) => Path.Combine([root, .. parts]);

    public void Dispose() => Directory.Delete(root, recursive: true);
}
