namespace Goodhart.Engine.Planning;

/// <summary>A device whose memory is counted. It does not own the device behind it.</summary>
/// <remarks>What operations use for themselves while they run is the device's own and not counted.</remarks>
/// <param name="reserved">Whether all that arenas hold counts, as where memory is taken when it is asked for; otherwise what they ever had
/// in use, as where untouched memory costs nothing.</param>
public sealed class MeteredDevice(IDevice inner, MemoryMeter meter, bool reserved = false) : IDevice
{
    public DeviceInfo Info => inner.Info;

    public IOps Ops => inner.Ops;

    public IArena CreateArena(string name, long bytes) => new MeteredArena(inner.CreateArena(name, bytes), meter, reserved);

    public void Upload(Mem destination, ReadOnlySpan<byte> source) => inner.Upload(destination, source);

    public IPending Read(Mem source) => inner.Read(source);

    public IPlan Prepare(SequencePlan plan, IArena arena) => inner.Prepare(plan, arena);

    public IDisposable Hold(HeldWeights weights, IArena arena) => inner.Hold(weights, arena);

    public void Dispose()
    {
    }

    private sealed class MeteredArena : IArena
    {
        private readonly IArena inner;
        private readonly MemoryMeter meter;
        private readonly bool reserved;
        private long counted;

        public MeteredArena(IArena inner, MemoryMeter meter, bool reserved)
        {
            (this.inner, this.meter, this.reserved) = (inner, meter, reserved);
            Count();
        }

        public string Name => inner.Name;

        public long PeakBytes => inner.PeakBytes;

        public long ReservedBytes => inner.ReservedBytes;

        public Mat Allocate(int rows, int cols, DType type = DType.F32)
        {
            Mat mat = inner.Allocate(rows, cols, type);
            Count();
            return mat;
        }

        public void Reset()
        {
            inner.Reset();
            Count();
        }

        public void Dispose()
        {
            meter.Change(Name, -counted);
            inner.Dispose();
        }

        private void Count()
        {
            long bytes = reserved ? inner.ReservedBytes : inner.PeakBytes;
            if (bytes != counted)
            {
                meter.Change(Name, bytes - counted);
                counted = bytes;
            }
        }
    }
}
