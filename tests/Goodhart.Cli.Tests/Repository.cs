namespace Goodhart.Cli.Tests;

/// <summary>The repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string PathOf(string file) => Path.Combine(Root, file.Replace('/', Path.DirectorySeparatorChar));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Goodhart.slnx")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
