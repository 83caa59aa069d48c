namespace Goodhart.Pipeline;

/// <summary>Lines straight to a writer, as they come: nothing is kept, so nothing is resumed.</summary>
public sealed class StreamedLines(TextWriter writer) : ILines
{
    public int Count => 0;

    public IEnumerable<string> Earlier() => [];

    public void Append(params IReadOnlyCollection<string> lines)
    {
        foreach (string line in lines)
        {
            writer.Write(line);
            writer.Write('\n');
        }

        writer.Flush();
    }
}
