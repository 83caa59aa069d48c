namespace Goodhart.Cli.Tests;

/// <summary>Makes a finished run of a tool one that was killed while it wrote.</summary>
internal static class Interrupted
{
    /// <param name="file">The run's --out.</param>
    /// <param name="bytes">So many of its lines' bytes are left.</param>
    /// <returns>Whole lines among them.</returns>
    public static int At(TemporaryFolder folder, string file, int bytes)
    {
        string artifact = Directory.GetDirectories(folder.Path(file + ".run/steps")).Single();
        byte[] left = File.ReadAllBytes(folder.Path(file))[..bytes];
        Directory.CreateDirectory(artifact + ".lines");
        File.WriteAllBytes(Path.Combine(artifact + ".lines", "lines.jsonl"), left);
        Directory.Delete(artifact, recursive: true);
        File.Delete(folder.Path(file));
        return left.Count(letter => letter == '\n');
    }
}
