using System.Text.Json;

namespace Goodhart.Text.Datasets.Files;

/// <summary>The objects of a JSON array, one at a time: only the row that is read is in memory.</summary>
internal sealed class JsonArrayRows : IDisposable
{
    private readonly string file;
    private readonly ByteWindow window;
    private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = 64 });
    private readonly Action<BadRowException>? bad;

    // Where in the stream NaN or an infinity was written over.
    private readonly HashSet<long> nonFinite = [];
    private int index;
    private bool inside;

    private JsonArrayRows(string file, Stream stream, Action<BadRowException>? bad) =>
        (this.file, window, this.bad) = (file, new ByteWindow(file, stream), bad);

    private string Place => FormattableString.Invariant($"row {index + 1}");

    /// <param name="bad">Is told of an element that is no row; null: it is thrown.</param>
    public static IEnumerable<DataRow> Read(string file, Stream stream, Action<BadRowException>? bad)
    {
        using JsonArrayRows rows = new(file, stream, bad);
        while (rows.Next() is { } row)
        {
            yield return row;
        }
    }

    public void Dispose() => window.Dispose();

    private DataRow? Next()
    {
        try
        {
            while (true)
            {
                Step step = TryStep(out int start, out int length, out int used);
                if (step == Step.NeedsMore)
                {
                    window.Grow(Place);
                    continue;
                }

                DataRow? row = step == Step.Row ? Parse(start, length) : null;
                window.Advance(used);
                inside = true;
                index += step == Step.Row ? 1 : 0;
                if (row is not null || step == Step.Closed)
                {
                    return row;
                }
            }
        }
        catch (JsonException fault)
        {
            (long line, long bytes) = (fault.LineNumber ?? 0, fault.BytePositionInLine ?? 0);
            string place = FormattableString.Invariant($"{Place} (line {line + 1}, byte {bytes + 1})");
            throw new InvalidDataException($"{file} {place}: expected a JSON array of objects, found: {JsonRow.Short(fault)}", fault);
        }
    }

    private DataRow? Parse(int start, int length)
    {
        try
        {
            long from = window.Position + start;
            HashSet<long>? here = nonFinite.Count == 0 ? null : [.. nonFinite.Select(place => place - from)];
            return JsonRow.Parse(file, index, Place, window.Bytes.Slice(start, length), here);
        }
        catch (InvalidDataException refusal) when (BadRowException.Of(refusal) is { } fault)
        {
            fault.Tell(bad);
            return null;
        }
        finally
        {
            nonFinite.RemoveWhere(place => place < window.Position + start + length);
        }
    }

    private Step TryStep(out int start, out int length, out int used)
    {
        try
        {
            return TryOnce(out start, out length, out used);
        }
        catch (JsonException)
        {
            (start, length, used) = (0, 0, 0);
            bool any = NonFiniteNumbers.Blank(window.Unused, window.Position, nonFinite);
            if (any || (!window.Ended && NonFiniteNumbers.MayGoOn(window.Bytes)))
            {
                return Step.NeedsMore;
            }

            throw;
        }
    }

    private Step TryOnce(out int start, out int length, out int used)
    {
        (start, length, used) = (0, 0, 0);
        Utf8JsonReader reader = new(window.Bytes, window.Ended, state);
        if (!reader.Read())
        {
            // With all bytes seen the reader returns false only after the closing bracket.
            return window.Ended ? Step.Closed : Step.NeedsMore;
        }

        Step step = inside ? Step.Row : Step.Opened;
        if (inside && reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == 0)
        {
            return RequireEnd(ref reader) ? Step.Closed : Step.NeedsMore;
        }

        start = (int)reader.TokenStartIndex;
        if (inside && !reader.TrySkip())
        {
            return Step.NeedsMore;
        }

        used = (int)reader.BytesConsumed;
        length = used - start;
        state = reader.CurrentState;
        return step;
    }

    /// <summary>Nothing but white space may follow; the reader throws otherwise.</summary>
    private bool RequireEnd(ref Utf8JsonReader reader)
    {
        reader.Read();
        return window.Ended;
    }

    private enum Step
    {
        NeedsMore,
        Opened,
        Row,
        Closed,
    }
}
