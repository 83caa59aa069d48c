namespace Goodhart.Evaluation.Points;

/// <summary>points.csv: one row per evaluated checkpoint. Bad files give <see cref="InvalidDataException"/> with file, line, column and
/// what to do.</summary>
public static class PointsFile
{
    // An SFT row's KL may carry rounding, not more.
    private const double SftSqrtKlTolerance = 1e-3;

    // Sums of exact per-token divergences are zero or more; in single precision they can round to just below.
    private const double NegativeKlTolerance = 1e-6;

    public static void Write(string path, IEnumerable<CheckpointPoint> points)
    {
        using StreamWriter writer = new(path);
        Write(writer, points);
    }

    public static void Write(TextWriter writer, IEnumerable<CheckpointPoint> points) => CheckpointColumns.Write(writer, points);

    /// <summary>Reads what <see cref="Write(string, IEnumerable{CheckpointPoint})"/> wrote; every number comes back with all its
    /// digits.</summary>
    public static IReadOnlyList<CheckpointPoint> ReadCheckpoints(string path)
    {
        using StreamReader reader = new(path);
        return ReadCheckpoints(Path.GetFileName(path), reader);
    }

    /// <param name="name">The file's name in messages.</param>
    public static IReadOnlyList<CheckpointPoint> ReadCheckpoints(string name, TextReader reader) =>
        CheckpointColumns.Read(CsvFile.Read(name, reader));

    /// <summary>Reads evaluation.csv of <c>goodhart evaluate</c>: what was measured, without win rates. The folder that a checkpoint lies
    /// in stands for its loss.</summary>
    public static IReadOnlyList<CheckpointPoint> ReadEvaluation(string path)
    {
        using StreamReader reader = new(path);
        return CheckpointColumns.ReadEvaluation(CsvFile.Read(Path.GetFileName(path), reader));
    }

    /// <summary>Reads anybody's points: kl or sqrtKl, winRate, optionally winRateSe; all further columns are kept as text to group
    /// by.</summary>
    public static CurveTable ReadCurve(string path)
    {
        using StreamReader reader = new(path);
        return ReadCurve(Path.GetFileName(path), reader);
    }

    /// <param name="name">The file's name in messages.</param>
    public static CurveTable ReadCurve(string name, TextReader reader)
    {
        CsvFile table = CsvFile.Read(name, reader);
        int distance = table.Require("kl", "sqrtKl");
        int winRate = table.Require("winRate");
        int error = table.Find("winRateSe");
        int loss = table.Find("loss");
        bool isKl = ColumnName.Same(table.Header[distance], "kl");
        int[] keys = [.. Enumerable.Range(0, table.Header.Length).Except([distance, winRate, error])];

        List<CurvePoint> points = [];
        foreach (CsvLine row in table.Rows)
        {
            double d = SqrtKl(table, row, distance, isKl);
            if (loss >= 0 && row.Fields[loss].Length == 0 && d > SftSqrtKlTolerance)
            {
                string found = $"whose {table.Header[distance]} is 0, found {row.Fields[distance]}";
                throw table.Error(row, loss, $"an empty loss marks the SFT model, {found}; name the loss");
            }

            if (row.Fields[winRate].Length == 0)
            {
                throw table.Error(row, winRate, "no win rate: nothing has judged this checkpoint's responses; have them judged first");
            }

            Dictionary<string, string> groups = keys.ToDictionary(column => table.Header[column], column => row.Fields[column]);
            points.Add(new(groups, d, table.WinRate(row, winRate), StandardError(table, row, error), row.Line));
        }

        if (points.Count == 0)
        {
            throw new InvalidDataException($"{name}: a header and no rows; expected one row per checkpoint.");
        }

        return new(name, [.. keys.Select(column => table.Header[column])], points);
    }

    private static double SqrtKl(CsvFile table, CsvLine row, int column, bool isKl)
    {
        double value = table.Number(row, column);
        if (value < -NegativeKlTolerance)
        {
            throw table.Error(
                row,
                column,
                $"expected zero or more, found {row.Fields[column]}; a plain estimate (k1) can be negative, use the exact or the k3 one, "
                + "or remove the row");
        }

        return isKl ? Math.Sqrt(Math.Max(0, value)) : Math.Max(0, value);
    }

    private static double? StandardError(CsvFile table, CsvLine row, int column)
    {
        if (column < 0 || row.Fields[column].Length == 0)
        {
            return null;
        }

        double value = table.Number(row, column);
        return value >= 0 ? value : throw table.Error(row, column, $"a standard error is zero or more, found {row.Fields[column]}");
    }
}
