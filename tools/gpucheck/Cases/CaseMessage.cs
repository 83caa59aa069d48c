using System.Text.Json;
using System.Text.Json.Serialization;

namespace Goodhart.GpuCheck.Cases;

/// <summary>What a process that runs cases says of them, a line each, on standard output.</summary>
/// <param name="Case">Its place in the list.</param>
/// <param name="Seconds">Null: it has begun.</param>
/// <param name="Fault">Null: it passed, or has only begun.</param>
internal sealed record CaseMessage(int Case, double? Seconds, string? Fault)
{
    private const string Mark = "case ";

    [JsonIgnore]
    public string Line => Mark + JsonSerializer.Serialize(this);

    /// <summary>Null: a line that somebody else printed.</summary>
    public static CaseMessage? Read(string line) =>
        line.StartsWith(Mark, StringComparison.Ordinal) ? JsonSerializer.Deserialize<CaseMessage>(line.AsSpan(Mark.Length)) : null;
}
