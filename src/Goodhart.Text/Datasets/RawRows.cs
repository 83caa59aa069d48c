using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Text.Datasets;

/// <summary>Rows that are read by their columns' names, outside any data set's shape: token ids, or responses to judge.</summary>
public static class RawRows
{
    private static readonly HashSet<string> NoConversations = [];

    /// <summary>What each row is read as, in the file's order, as a stream.</summary>
    /// <param name="reading">Whether bad rows may be passed over, and how many.</param>
    /// <param name="read">A refusal by <see cref="DataRow.Error"/> is a bad row.</param>
    /// <param name="tally">Counts what is read, and what is bad.</param>
    /// <exception cref="InvalidDataException">A bad row where none may be, or at the end too many of them.</exception>
    public static IEnumerable<T> Read<T>(DataFile file, RowReading reading, Func<DataRow, T> read, SkipTally tally)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(tally);
        return Iterate();

        IEnumerable<T> Iterate()
        {
            foreach (DataRow row in file.Rows(Pass(reading, tally)))
            {
                if (TryRead(row, out T value))
                {
                    yield return value;
                }
            }

            if (reading.MaxBadRows is { } share)
            {
                tally.RequireFewBad(file.Name, share);
            }
        }

        bool TryRead(DataRow row, out T value)
        {
            try
            {
                value = read(row);
                tally.Count(new Cells(row, ColumnMap.None), null, NoConversations);
                return true;
            }
            catch (InvalidDataException refusal) when (reading.MaxBadRows is not null && BadRowException.Of(refusal) is { } fault)
            {
                tally.Count(fault);
                value = default!;
                return false;
            }
        }
    }

    /// <summary>The first row that is one; null where there is none.</summary>
    /// <exception cref="InvalidDataException">What comes before it is no row, and none may be bad.</exception>
    public static DataRow? First(DataFile file, RowReading reading)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(reading);
        return file.Rows(Pass(reading, new SkipTally())).FirstOrDefault();
    }

    /// <summary>What such a pass did not use.</summary>
    /// <param name="used">The columns that say something.</param>
    public static RowAccount Account(DataFile file, SkipTally tally, params IEnumerable<string> used)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(tally);
        return new RowAccount(
            file.Name, tally.Read, tally.Skipped, tally.Bad, tally.BadMargins, tally.CutPrompts,
            [.. tally.Columns.Except(used), .. file.UnreadColumns]);
    }

    private static Action<BadRowException>? Pass(RowReading reading, SkipTally tally) => reading.MaxBadRows is null ? null : tally.Count;
}
