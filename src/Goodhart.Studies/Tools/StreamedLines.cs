namespace Goodhart.Studies.Tools;

/// <summary>Lines straight to a writer: nothing is kept, so nothing is resumed.</summary>
public sealed class StreamedLines(TextWriter writer) : IResultLines
{
    public int Done => 0;

    public IEnumerable<string> Earlier() => [];

    public void Append(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            writer.Write(line);
            writer.Write('\n');
        }

        writer.Flush();
    }

    public void Complete()
    {
    }
}
