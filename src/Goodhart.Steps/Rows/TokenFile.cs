using System.Runtime.InteropServices;

namespace Goodhart.Steps.Rows;

/// <summary>
/// Rows of token ids on disk: per row its id, the number of its parts, their lengths, then the ids; all int32, little-endian.
/// </summary>
internal static class TokenFile
{
    public const string Name = "rows.bin";

    /// <returns>Rows written.</returns>
    public static int Write(string path, IEnumerable<(int Id, int[][] Parts)> rows, CancellationToken cancel)
    {
        using BinaryWriter writer = new(File.Create(path));
        int count = 0;
        foreach ((int id, int[][] parts) in rows)
        {
            cancel.ThrowIfCancellationRequested();
            writer.Write(id);
            writer.Write(parts.Length);
            Array.ForEach(parts, part => writer.Write(part.Length));
            Array.ForEach(parts, part => Array.ForEach(part, writer.Write));
            count++;
        }

        return count;
    }

    public static T[] Read<T>(string path, Func<int, int[][], T> create)
    {
        ReadOnlySpan<int> rest = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(path));
        List<T> rows = [];
        while (!rest.IsEmpty)
        {
            int id = rest[0];
            ReadOnlySpan<int> lengths = rest.Slice(2, rest[1]);
            rest = rest[(2 + lengths.Length)..];
            int[][] parts = new int[lengths.Length][];
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i] = rest[..lengths[i]].ToArray();
                rest = rest[lengths[i]..];
            }

            rows.Add(create(id, parts));
        }

        return [.. rows];
    }
}
