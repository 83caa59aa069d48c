namespace Goodhart.Pipeline;

/// <summary>
/// Lines of a step that is not stored yet: beside its future folder, in <c>NAME-KEY.lines</c>, where they outlive an interruption.
/// </summary>
internal static class UnfinishedLines
{
    private const string Suffix = ".lines";

    /// <param name="artifact">The folder that the step will be stored in.</param>
    public static LineFile Open(string artifact, string file, int linesPerItem) =>
        LineFile.Open(Path.Combine(Directory.CreateDirectory(artifact + Suffix).FullName, file), linesPerItem);

    /// <summary>Copied, not moved: a process that is killed before the artifact is visible must lose none of them.</summary>
    public static void CopyInto(string partial, string artifact)
    {
        foreach (string file in Directory.Exists(artifact + Suffix) ? Directory.EnumerateFiles(artifact + Suffix) : [])
        {
            File.Copy(file, Path.Combine(partial, Path.GetFileName(file)));
        }
    }

    /// <summary>When the artifact is there.</summary>
    public static void Remove(string artifact)
    {
        if (Directory.Exists(artifact + Suffix))
        {
            Directory.Delete(artifact + Suffix, recursive: true);
        }
    }

    /// <summary>Those of stored steps, whose process was killed before it removed them.</summary>
    public static void RemoveStored(string steps)
    {
        foreach (string lines in Directory.EnumerateDirectories(steps, "*" + Suffix))
        {
            string artifact = lines[..^Suffix.Length];
            if (Directory.Exists(artifact))
            {
                Remove(artifact);
            }
        }
    }
}
