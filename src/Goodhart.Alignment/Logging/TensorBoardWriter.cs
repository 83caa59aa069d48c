using System.Buffers.Binary;
using System.Globalization;

namespace Goodhart.Alignment.Logging;

/// <summary>An event file that TensorBoard reads: TFRecords (length, its checksum, data, its checksum) of <c>Event</c> messages.</summary>
/// <remarks>Every call is flushed, so curves show while the run goes on. One writer per file; not for several threads at once.</remarks>
public sealed class TensorBoardWriter : IDisposable
{
    private readonly FileStream file;
    private readonly TimeProvider time;

    private TensorBoardWriter(FileStream file, TimeProvider time)
    {
        this.file = file;
        this.time = time;
        Append(TensorBoardEvent.FileVersion(Now()));
    }

    /// <summary>Starts a new file, <c>events.out.tfevents.SECONDS.MACHINE</c>: TensorBoard knows event files by this name.</summary>
    /// <exception cref="IOException">It exists already, or cannot be written.</exception>
    public static TensorBoardWriter Create(string folder, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        string name = string.Create(
            CultureInfo.InvariantCulture, $"events.out.tfevents.{time.GetUtcNow().ToUnixTimeSeconds():D10}.{Environment.MachineName}");
        return new(new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite), time);
    }

    /// <summary>One point of each curve. TensorBoard keeps float32.</summary>
    public void Write(long step, IEnumerable<KeyValuePair<string, double>> values) =>
        Append(TensorBoardEvent.Scalars(Now(), step, values));

    public void Dispose() => file.Dispose();

    private void Append(byte[] data)
    {
        byte[] record = new byte[data.Length + 16];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc32C.Of(record.AsSpan(0, 8)));
        data.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc32C.Of(data));
        file.Write(record);
        file.Flush();
    }

    private double Now() => time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
}
