using System.Text;

namespace Goodhart.Pipeline;

/// <summary>Files that are seen whole or not at all: written aside, flushed to disk, renamed.</summary>
public static class AtomicFile
{
    /// <summary>Between the final name and a unique ending: a leftover of a killed process.</summary>
    internal const string Infix = ".tmp-";

    /// <summary>UTF-8 without a byte-order mark.</summary>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, Encoding.UTF8.GetBytes(text));

    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes) =>
        WriteAllBytes(path, $"{path}{Infix}{Guid.NewGuid():N}", bytes);

    /// <param name="aside">Where the file is written first; on the same disk. It stays behind if the process is killed.</param>
    internal static void WriteAllBytes(string path, string aside, ReadOnlySpan<byte> bytes)
    {
        try
        {
            WriteDurably(aside, bytes);
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>Writes in place and flushes to disk; for folders that are not visible yet.</summary>
    internal static void WriteDurably(string path, ReadOnlySpan<byte> bytes)
    {
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }
}
