using System.Text.Json.Nodes;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Text.Datasets.Writing;

/// <summary>The same rows in another format.</summary>
public static class Conversion
{
    /// <summary>Writes all rows and columns. To CSV the file is read twice, as the header needs the columns of all rows.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="InvalidDataException">A bad row, or columns that cannot be read.</exception>
    public static int Write(DataFile file, DataFormat format, Stream output, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        RequireAll(file);
        string[] columns = format == DataFormat.Csv ? Columns(file, cancel) : [];
        int rows = 0;
        using RowWriter writer = RowWriter.Create(format, output, columns);
        foreach (DataRow row in file.Rows())
        {
            cancel.ThrowIfCancellationRequested();
            writer.Write(row.Fields);
            rows++;
        }

        return rows;
    }

    /// <summary>Writes pairs as two rows each, or unpaired data as it is: prompt, completion, label, as TRL and LLaMA-Factory take them.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="InvalidDataException">A bad row, or neither pairs nor labels.</exception>
    public static int WriteUnpaired(Dataset data, DataFormat format, Stream output, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        int rows = 0;
        using RowWriter writer = RowWriter.Create(format, output, ["prompt", "completion", LabelCell.Role]);
        foreach (LabelledRow row in data.Labelled())
        {
            cancel.ThrowIfCancellationRequested();
            writer.Write(new JsonObject { ["prompt"] = row.Prompt, ["completion"] = row.Completion, [LabelCell.Role] = row.IsDesirable });
            rows++;
        }

        return rows;
    }

    /// <summary>Refuses a file with columns that would be lost.</summary>
    internal static void RequireAll(DataFile file)
    {
        if (file.UnreadColumns is { Count: > 0 } unread)
        {
            throw new InvalidDataException(
                $"{file.Name}: columns {string.Join(", ", unread)} have types that are not read, and would be lost; "
                + "write the file without them first.");
        }
    }

    private static string[] Columns(DataFile file, CancellationToken cancel)
    {
        OrderedDictionary<string, bool> columns = [];
        foreach (DataRow row in file.Rows())
        {
            cancel.ThrowIfCancellationRequested();
            foreach ((string column, _) in row.Fields)
            {
                columns.TryAdd(column, true);
            }
        }

        return columns.Count > 0 ? [.. columns.Keys] : throw new InvalidDataException(
            $"{file.Name}: no rows, so no columns to write as a CSV header; write JSON lines or a JSON array.");
    }
}
