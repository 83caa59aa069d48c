using System.Text.Json.Nodes;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Text.Datasets.Writing;

/// <summary>The same rows in another format.</summary>
public static class Conversion
{
    /// <summary>Writes all rows and columns. To CSV the file is read twice, as the header needs the columns of all rows.</summary>
    /// <param name="reading">Whether bad rows may be passed over; null: none.</param>
    /// <param name="tally">Counts what is read, and what is bad.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="InvalidDataException">A bad row, or columns that cannot be read.</exception>
    public static int Write(
        DataFile file, DataFormat format, Stream output, RowReading? reading =
            null, SkipTally? tally = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        RequireAll(file);
        reading ??= RowReading.Plain;
        string[] columns = format == DataFormat.Csv ? Columns(file, reading, cancel) : [];
        int rows = 0;
        using RowWriter writer = RowWriter.Create(format, output, columns);
        foreach (JsonObject row in RawRows.Read(file, reading, Written, tally ?? new SkipTally()))
        {
            cancel.ThrowIfCancellationRequested();
            writer.Write(row);
            rows++;
        }

        return rows;
    }

    /// <summary>Writes pairs as two rows each, or unpaired data as it is: prompt, completion, label, as TRL and LLaMA-Factory take
    /// them. Conversations stay conversations, so that the template of whatever model reads them writes them.</summary>
    /// <param name="data">Opened with <see cref="KeptMessages"/>.</param>
    /// <param name="tally">Counts what is read and what is skipped, and why.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="InvalidDataException">A bad row, or neither pairs nor labels.</exception>
    public static int WriteUnpaired(
        Dataset data, DataFormat format, Stream output, SkipTally? tally = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        string[] extras = data.Shape.Writer is KeptMessages kept ? [.. kept.Columns.Where(IsInSome)] : [];
        int rows = 0;
        using RowWriter writer = RowWriter.Create(format, output, ["prompt", "completion", LabelCell.Role, .. extras]);
        foreach ((DataRow source, LabelledRow row) in data.LabelledSources(tally))
        {
            cancel.ThrowIfCancellationRequested();
            JsonObject written = new()
            {
                ["prompt"] = Value(row.Prompt),
                ["completion"] = Value(row.Completion),
                [LabelCell.Role] = row.IsDesirable,
            };
            foreach (string extra in extras.Where(extra => source.Fields[extra] is not null))
            {
                written[extra] = source.Fields[extra]!.DeepClone();
            }

            writer.Write(written);
            rows++;
        }

        return rows;

        JsonNode Value(string text) => data.Shape.Writer is KeptMessages ? KeptMessages.Read(text) : text;

        bool IsInSome(string column) => data.File.Rows(_ => { }).Any(row => row.Fields[column] is not null);
    }

    /// <summary>Refuses a file with columns that would be lost.</summary>
    internal static void RequireAll(DataFile file)
    {
        // Row numbers say nothing that the order does not.
        if (file.UnreadColumns.Where(column => column != CsvRows.PandasIndex).ToArray() is { Length: > 0 } unread)
        {
            throw new InvalidDataException(
                $"{file.Name}: columns {string.Join(", ", unread)} have types that are not read, and would be lost; "
                + "write the file without them first.");
        }
    }

    /// <summary>A row as it is written: NaN and infinities are null, as JSON has no number for them.</summary>
    /// <exception cref="InvalidDataException">A value would be lost.</exception>
    internal static JsonObject Written(DataRow row) =>
        row.Faults.FirstOrDefault(fault => !fault.Value.IsNumber) is { Key: { } place, Value: { } fault }
        ? throw row.Error(place, $"expected a text, found {fault.Found}, which would be lost; mend the row or leave it out")
        : row.Fields;

    private static string[] Columns(DataFile file, RowReading reading, CancellationToken cancel)
    {
        OrderedDictionary<string, bool> columns = [];
        foreach (JsonObject row in RawRows.Read(file, reading, Written, new SkipTally()))
        {
            cancel.ThrowIfCancellationRequested();
            foreach ((string column, _) in row)
            {
                columns.TryAdd(column, true);
            }
        }

        return columns.Count > 0 ? [.. columns.Keys] : throw new InvalidDataException(
            $"{file.Name}: no rows, so no columns to write as a CSV header; write JSON lines or a JSON array.");
    }
}
