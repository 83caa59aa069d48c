using Goodhart.Engine;

namespace Goodhart.Cli.Bench;

/// <summary>A device that counts the bytes of its arenas: on any device, and the same at every run.</summary>
/// <remarks>It does not own the device behind it.</remarks>
internal sealed class BenchMeter(IDevice inner) : IDevice
{
    private long bytes;

    public DeviceInfo Info => inner.Info;

    public IOps Ops => inner.Ops;

    /// <summary>The most bytes that arenas had in use together since <see cref="Restart"/>.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Begins to count anew, from what is in use now.</summary>
    public void Restart() => PeakBytes = bytes;

    public IArena CreateArena(string name, long size) => new CountedArena(this, inner.CreateArena(name, size));

    public void Upload(Mem destination, ReadOnlySpan<byte> source) => inner.Upload(destination, source);

    public IPending Read(Mem source) => inner.Read(source);

    public IPlan Prepare(SequencePlan plan, IArena arena) => inner.Prepare(plan, arena);

    public void Dispose()
    {
    }

    private void Grow(long more)
    {
        bytes += more;
        PeakBytes = Math.Max(PeakBytes, bytes);
    }

    /// <summary>An arena keeps what it ever needed until it is disposed of.</summary>
    private sealed class CountedArena(BenchMeter device, IArena arena) : IArena
    {
        private long counted;

        public string Name => arena.Name;

        public long PeakBytes => arena.PeakBytes;

        public Mat Allocate(int rows, int cols, DType type = DType.F32)
        {
            Mat mat = arena.Allocate(rows, cols, type);
            if (arena.PeakBytes > counted)
            {
                device.Grow(arena.PeakBytes - counted);
                counted = arena.PeakBytes;
            }

            return mat;
        }

        public void Reset() => arena.Reset();

        public void Dispose()
        {
            device.Grow(-counted);
            counted = 0;
            arena.Dispose();
        }
    }
}
