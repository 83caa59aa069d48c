namespace Goodhart.Hub;

/// <summary>Texts that are seen whole or not at all: written beside their place, then renamed.</summary>
internal static class WholeFile
{
    /// <summary>UTF-8 without a byte-order mark.</summary>
    public static void Write(string path, string text)
    {
        string partial = $"{path}.{Guid.NewGuid():N}.incomplete";
        try
        {
            File.WriteAllText(partial, text);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
