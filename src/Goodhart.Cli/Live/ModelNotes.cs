namespace Goodhart.Cli.Live;

/// <summary>Where a command tells what is worth knowing of the models it opens.</summary>
internal static class ModelNotes
{
    /// <summary>Writes each line once, however often a folder is opened; null where the command is quiet.</summary>
    public static Action<string>? To(TextWriter writer, bool quiet)
    {
        if (quiet)
        {
            return null;
        }

        HashSet<string> told = new(StringComparer.Ordinal);
        return line =>
        {
            if (told.Add(line))
            {
                writer.WriteRemark(line);
            }
        };
    }

    /// <summary>Writes a line that changes nothing: where there is no place for it any more, such as on a full disk, the work goes on
    /// without.</summary>
    public static void WriteRemark(this TextWriter writer, string line)
    {
        try
        {
            writer.WriteLine(line);
        }
        catch (IOException)
        {
            // Nobody is left to tell.
        }
    }
}
