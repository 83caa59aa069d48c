namespace Goodhart.Engine.Planning;

/// <summary>A device whose memory is counted. It does not own the device behind it.</summary>
/// <remarks>What operations use for themselves while they run is the device's own and not counted.</remarks>
public sealed class MeteredDevice(IDevice inner, MemoryMeter meter) : IDevice
{
    public DeviceInfo Info => inner.Info;

    public IOps Ops => inner.Ops;

    public IArena CreateArena(string name, long bytes) => new MeteredArena(inner.CreateArena(name, bytes), meter);

    public void Upload(Mem destination, ReadOnlySpan<byte> source) => inner.Upload(destination, source);

    public IPending Read(Mem source) => inner.Read(source);

    public IPlan Prepare(SequencePlan plan, IArena arena) => inner.Prepare(plan, arena);

    public void Dispose()
    {
    }

    private sealed class MeteredArena(IArena inner, MemoryMeter meter) : IArena
    {
        public string Name => inner.Name;

        public long PeakBytes => inner.PeakBytes;

        public Mat Allocate(int rows, int cols, DType type = DType.F32)
        {
            long before = inner.PeakBytes;
            Mat mat = inner.Allocate(rows, cols, type);
            if (inner.PeakBytes > before)
            {
                meter.Change(Name, inner.PeakBytes - before);
            }

            return mat;
        }

        public void Reset() => inner.Reset();

        public void Dispose()
        {
            meter.Change(Name, -inner.PeakBytes);
            inner.Dispose();
        }
    }
}
