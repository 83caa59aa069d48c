namespace Goodhart.Studies.Stages.Data;

/// <summary>Rows of token ids on disk: per row its id, the number of its parts, their lengths, then the ids; all int32, little-endian.</summary>
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
        using FileStream file = File.OpenRead(path);
        using BinaryReader reader = new(file);
        List<T> rows = [];
        while (file.Position < file.Length)
        {
            int id = reader.ReadInt32();
            int[][] parts = new int[reader.ReadInt32()][];
            for (int i = 0; i < parts.Length; i++)
            {
                parts[i] = new int[reader.ReadInt32()];
            }

            foreach (int[] part in parts)
            {
                for (int i = 0; i < part.Length; i++)
                {
                    part[i] = reader.ReadInt32();
                }
            }

            rows.Add(create(id, parts));
        }

        return [.. rows];
    }
}
