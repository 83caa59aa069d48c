using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Goodhart.Pipeline;

/// <summary>Append-only <c>events.jsonl</c>: one JSON object a line.</summary>
/// <remarks>Safe for threads; one writer a file, any number of readers beside it.</remarks>
public sealed class EventLog : IDisposable
{
    /// <summary>What a run does, in a study's folder.</summary>
    public const string FileName = "events.jsonl";

    /// <summary>The same of steps that run by themselves, a file each.</summary>
    public const string StepsFolder = "events";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    private readonly Lock gate = new();
    private readonly FileStream file;
    private bool torn;

    /// <summary>Opens the file for appending; a last line that a killed process left torn is closed, and readers pass over it.</summary>
    public EventLog(string path)
    {
        file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            torn = file.ReadByte() != '\n';
        }
    }

    public void Append(params IReadOnlyCollection<RunEvent> events)
    {
        using MemoryStream lines = new();
        foreach (RunEvent entry in events)
        {
            JsonSerializer.Serialize(lines, entry, Options);
            lines.WriteByte((byte)'\n');
        }

        lock (gate)
        {
            if (torn)
            {
                file.WriteByte((byte)'\n');
            }

            torn = true;   // until the lines are written: a full disk tears them too
            file.Write(lines.GetBuffer(), 0, (int)lines.Length);
            torn = false;
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>All events of a file, which may be growing; lines that are not whole are passed over. Empty if there is no file.</summary>
    public static IReadOnlyList<RunEvent> Read(string path) => new EventTail(path).Read();

    /// <summary>Of one step that runs by itself.</summary>
    /// <param name="directory">The study's folder.</param>
    /// <param name="step">NAME-KEY.</param>
    public static string OfStep(string directory, string step) => Path.Combine(directory, StepsFolder, step + ".jsonl");

    /// <summary>Null where the line is not whole.</summary>
    internal static RunEvent? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<RunEvent>(line, Options);
        }
        catch (JsonException)
        {
            return null;   // torn by a crash, or of a kind that a later version added
        }
    }
}
