namespace Goodhart.Pipeline;

/// <summary>A file, or a folder of files, that a step reads from the artifact of one of its inputs.</summary>
/// <param name="Producer">The input step that writes it.</param>
/// <param name="File">Path inside the artifact, with '/'; a folder stands for everything in it.</param>
public readonly record struct FileNeed(Step Producer, string File)
{
    /// <summary>Whether <paramref name="path"/> is <paramref name="declared"/>, or lies in the folder of that name.</summary>
    internal static bool Covers(string declared, string path) =>
        path == declared || (path.StartsWith(declared, StringComparison.Ordinal) && path[declared.Length] == '/');
}
