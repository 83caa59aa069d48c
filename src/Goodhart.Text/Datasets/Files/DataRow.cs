using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Datasets.Files;

/// <summary>A row as the file has it, and where it stands.</summary>
/// <param name="File">The file's name in messages.</param>
/// <param name="Index">Place among the file's rows, from 0.</param>
/// <param name="Place">For messages: "line 7" of a text file, "row 7" of one that has no lines; both from 1.</param>
/// <param name="Fields">By column. A CSV cell is a string, null if empty and unquoted, or the conversation that it spells as JSON.</param>
public sealed record DataRow(string File, int Index, string Place, JsonObject Fields)
{
    private static readonly Dictionary<string, CellFault> None = [];

    /// <summary>Values that the file has and that cannot be had of it, by their place (<c>score</c>, <c>messages[1].content</c>); null in
    /// <see cref="Fields"/>. They matter to those only who need the value.</summary>
    public IReadOnlyDictionary<string, CellFault> Faults { get; init; } = None;

    /// <summary>A fault of this row as an exception that names file, line and column.</summary>
    /// <param name="problem">What was expected, what was found, what to do.</param>
    public InvalidDataException Error(string column, string problem) => Fault(column, problem).Refusal();

    internal BadRowException Fault(string column, string problem) => new($"{File} {Place}", $"column {column}: {problem}");

    /// <summary>What stands in a place, for messages.</summary>
    internal string Found(string place, JsonNode? value) =>
        Faults.TryGetValue(place, out CellFault? fault) ? fault.Found : JsonRow.Named(value?.GetValueKind() ?? JsonValueKind.Null);
}
