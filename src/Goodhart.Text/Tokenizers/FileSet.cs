namespace Goodhart.Text.Tokenizers;

/// <summary>Writes files whole: an interrupted write leaves no half of one under its final name.</summary>
internal static class FileSet
{
    public static void Write(string folder, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, byte[] bytes) in files)
        {
            string path = Path.Combine(folder, name);
            File.WriteAllBytes(path + ".partial", bytes);
            File.Move(path + ".partial", path, overwrite: true);
        }
    }
}
