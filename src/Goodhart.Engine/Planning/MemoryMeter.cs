namespace Goodhart.Engine.Planning;

/// <summary>Counts what arenas have in use, by their names, and keeps the moment at which it was most.</summary>
/// <remarks>An arena counts with the most that it ever held until it is disposed of: its memory stays with it.</remarks>
public sealed class MemoryMeter
{
    private readonly SortedDictionary<string, long> now = new(StringComparer.Ordinal);

    /// <summary>Bytes in use.</summary>
    public long Bytes { get; private set; }

    public long PeakBytes { get; private set; }

    /// <summary>Bytes by the names of arenas, at the peak.</summary>
    public IReadOnlyDictionary<string, long> AtPeak { get; private set; } = new Dictionary<string, long>();

    /// <summary>Begins to look for the peak anew, from what is in use now.</summary>
    public void Restart()
    {
        PeakBytes = Bytes;
        AtPeak = now.Where(entry => entry.Value > 0).ToDictionary();
    }

    internal void Change(string name, long by)
    {
        now[name] = now.GetValueOrDefault(name) + by;
        Bytes += by;
        if (Bytes > PeakBytes)
        {
            PeakBytes = Bytes;
            AtPeak = now.Where(entry => entry.Value > 0).ToDictionary();
        }
    }
}
