using System.Text;
using System.Text.Json.Nodes;
using Goodhart.Pipeline;

namespace Goodhart.Studies.Tools;

/// <summary>
/// Result lines in a file that appears under its name when it is whole. Until then they lie in <c>FILE.partial</c>; <c>FILE.run.json</c> says
/// what makes them, and only the same command on the same content continues or takes them for its own.
/// </summary>
public sealed class ResumableLines : IResultLines, IDisposable
{
    private readonly string path;
    private readonly FileStream? stream;

    private ResumableLines(string path, FileStream? stream, int done)
    {
        this.path = path;
        this.stream = stream;
        Done = done;
    }

    public int Done { get; }

    private string Partial => PartialOf(path);

    /// <param name="identity">What the lines follow from: command, hashes of its inputs, options.</param>
    /// <param name="linesPerItem">Lines of one item; an item of fewer is cut off and made again.</param>
    /// <exception cref="InvalidDataException">The file is there and comes from something else.</exception>
    public static ResumableLines Open(string path, JsonObject identity, int linesPerItem)
    {
        string full = Path.GetFullPath(path);
        RequireOurs(full, identity);
        if (File.Exists(full))
        {
            return new ResumableLines(full, stream: null, File.ReadLines(full).Count() / linesPerItem);
        }

        FileStream stream = new(PartialOf(full), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        (int items, long end) = WholeItems(stream, linesPerItem);
        stream.SetLength(end);
        stream.Position = end;
        return new ResumableLines(full, stream, items);
    }

    public IEnumerable<string> Earlier()
    {
        if (stream is null)
        {
            return File.ReadLines(path);
        }

        long end = stream.Position;
        stream.Position = 0;
        using StreamReader reader = new(stream, leaveOpen: true);
        List<string> lines = [];
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        stream.Position = end;
        return lines;
    }

    public void Append(IEnumerable<string> lines)
    {
        if (stream is not null)
        {
            stream.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
            stream.Flush();
        }
    }

    public void Complete()
    {
        if (stream is not null)
        {
            stream.Flush(flushToDisk: true);
            stream.Dispose();
            File.Move(Partial, path);
        }
    }

    public void Dispose() => stream?.Dispose();

    private static string PartialOf(string path) => path + ".partial";

    private static void RequireOurs(string path, JsonObject identity)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"{path} is a folder; --out expects a file.");
        }

        string sidecar = path + ".run.json";
        if (File.Exists(sidecar))
        {
            RunIdentity.RequireSame(sidecar, path, identity);
        }
        else if (File.Exists(path) || File.Exists(PartialOf(path)))
        {
            throw new InvalidDataException(
                $"{path} is there already and no {Path.GetFileName(sidecar)} says where it came from; name another --out file.");
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.WriteAllText(sidecar, RunIdentity.Text(identity));
        }
    }

    /// <summary>How many whole items a file begins with, and where they end. A line without its line feed was cut off.</summary>
    private static (int Items, long End) WholeItems(FileStream stream, int linesPerItem)
    {
        byte[] buffer = new byte[1 << 16];
        long offset = 0;
        long end = 0;
        int lines = 0;
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            for (int i = 0; i < read; i++)
            {
                if (buffer[i] == '\n' && ++lines % linesPerItem == 0)
                {
                    end = offset + i + 1;
                }
            }

            offset += read;
        }

        return (lines / linesPerItem, end);
    }
}
