namespace Goodhart.Cli.Live;

/// <summary>What is worth telling of a model's folder.</summary>
internal static class ModelNotes
{
    public static void Write(TextWriter writer, string path, IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            writer.WriteLine($"{path}: {note}");
        }
    }
}
