using Goodhart.Text.Datasets.Files;

namespace Goodhart.Text.Datasets.Writing;

/// <summary>Some of a file's rows, as JSON lines: unchanged and in the file's order.</summary>
public static class SelectedRows
{
    /// <param name="rows">Their numbers, as <see cref="DataRow.Index"/> has them.</param>
    /// <param name="reading">Whether bad rows may be passed over.</param>
    /// <exception cref="InvalidDataException">A bad row, or columns that cannot be read.</exception>
    public static void Write(DataFile file, IReadOnlySet<int> rows, RowReading reading, Stream output, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Conversion.RequireAll(file);
        using RowWriter writer = RowWriter.Create(DataFormat.JsonLines, output, []);
        foreach (DataRow row in RawRows.Read(file, reading, row => row, new SkipTally()))
        {
            cancel.ThrowIfCancellationRequested();
            if (rows.Contains(row.Index))
            {
                writer.Write(Conversion.Written(row));
            }
        }
    }
}
