using Google.Protobuf;

namespace Goodhart.Alignment.Logging;

/// <summary>TensorBoard's <c>Event</c> message: the few fields that scalar curves need.</summary>
/// <remarks>Field numbers of tensorflow/core/util/event.proto and summary.proto: Event {1 wall_time, 2 step, 3 file_version, 5 summary},
/// Summary {1 value}, Value {1 tag, 2 simple_value}.</remarks>
internal static class TensorBoardEvent
{
    /// <summary>What every event file begins with.</summary>
    public static byte[] FileVersion(double wallTime) => Message(output =>
    {
        Double(output, 1, wallTime);
        output.WriteTag(3, WireFormat.WireType.LengthDelimited);
        output.WriteString("brain.Event:2");
    });

    /// <param name="wallTime">Seconds since 1970, UTC.</param>
    public static byte[] Scalars(double wallTime, long step, IEnumerable<KeyValuePair<string, double>> values) => Message(output =>
    {
        Double(output, 1, wallTime);
        output.WriteTag(2, WireFormat.WireType.Varint);
        output.WriteInt64(step);
        Nested(output, 5, summary =>
        {
            foreach ((string tag, double value) in values)
            {
                Nested(summary, 1, entry => Scalar(entry, tag, (float)value));
            }
        });
    });

    private static void Scalar(CodedOutputStream output, string tag, float value)
    {
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);
        output.WriteString(tag);
        output.WriteTag(2, WireFormat.WireType.Fixed32);
        output.WriteFloat(value);
    }

    private static void Double(CodedOutputStream output, int field, double value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
    }

    private static void Nested(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream output = new(bytes, leaveOpen: true))
        {
            write(output);
        }

        return bytes.ToArray();
    }
}
