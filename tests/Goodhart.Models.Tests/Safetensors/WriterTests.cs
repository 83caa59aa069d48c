using System.Buffers.Binary;
using System.Text;
using Goodhart.Models.Safetensors;
using Xunit;

namespace Goodhart.Models.Tests.Safetensors;

public sealed class WriterTests : IDisposable
{
    private static readonly TensorSpec[] Tensors =
    [
        new("z", new TensorShape(3, 2)), new("scalar", new TensorShape()), new("none", new TensorShape(0, 4)),
        new("é \"q\" 𝄞", new TensorShape(5)), new("long", new TensorShape(20_001)),
    ];

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Float32_comes_back_bit_for_bit()
    {
        string path = scratch.PathOf("x.safetensors");
        SafetensorsWriter.Write(path, Tensors, Fill);
        using SafetensorsReader file = SafetensorsReader.Open(path);
        Assert.Equal(Tensors.Select(t => (t.Name, t.Shape)), file.Tensors.Select(t => (t.Name, t.Shape)));
        Assert.Equal("pt", file.Metadata["format"]);
        foreach (TensorSpec tensor in Tensors)
        {
            Assert.Equal(Values(tensor), Read(file, tensor));
        }
    }

    [Theory]
    [InlineData(StorageType.BF16)]
    [InlineData(StorageType.F16)]
    public void Half_precision_is_the_rounded_value(StorageType type)
    {
        string path = scratch.PathOf("x.safetensors");
        SafetensorsWriter.Write(path, Tensors, Fill, type);
        using SafetensorsReader file = SafetensorsReader.Open(path);
        foreach (TensorSpec tensor in Tensors)
        {
            float[] values = Values(tensor);
            byte[] stored = new byte[values.Length * 2];
            FloatStorage.Encode(type, values, stored);
            float[] rounded = new float[values.Length];
            FloatStorage.Decode(type, stored, rounded);
            Assert.Equal(rounded, Read(file, tensor));
            Assert.Equal(type, file.Find(tensor.Name).Type);
        }
    }

    [Fact]
    public void The_data_begin_on_a_multiple_of_eight_after_spaces()
    {
        for (int length = 1; length <= 8; length++)
        {
            string path = scratch.PathOf($"{length}.safetensors");
            SafetensorsWriter.Write(path, [new(new string('n', length), new TensorShape(1))], Fill);
            byte[] bytes = File.ReadAllBytes(path);
            int header = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            Assert.Equal(0, header % 8);
            Assert.EndsWith("}", Encoding.UTF8.GetString(bytes, 8, header).TrimEnd(' '), StringComparison.Ordinal);
            Assert.Equal(8 + header + 4, bytes.Length);
        }
    }

    [Fact]
    public void Each_tensor_is_asked_for_once_in_order_with_a_cleared_span()
    {
        List<string> asked = [];
        SafetensorsWriter.Write(scratch.PathOf("x.safetensors"), Tensors, (name, destination) =>
        {
            asked.Add(name);
            Assert.Equal(-1, destination.IndexOfAnyExcept(0f));
            destination.Fill(1);
        });
        Assert.Equal(Tensors.Select(t => t.Name), asked);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "__metadata__")]
    public void Refuses_a_name_twice_or_reserved(string first, string second) => Assert.Throws<ArgumentException>(
        () => SafetensorsWriter.Write(
            scratch.PathOf("x.safetensors"), [new(first, new TensorShape(1)), new(second, new TensorShape(1))], Fill));

    [Fact]
    public void Refuses_to_write_other_types() => Assert.Throws<ArgumentException>(
        () => SafetensorsWriter.Write(scratch.PathOf("x.safetensors"), Tensors, Fill, StorageType.F64));

    internal static void Fill(string name, Span<float> destination)
    {
        Random random = new(name.Length);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (random.NextSingle() - 0.5f) * 100;
        }
    }

    private static float[] Values(TensorSpec tensor)
    {
        float[] values = new float[tensor.Shape.Elements];
        Fill(tensor.Name, values);
        return values;
    }

    private static float[] Read(SafetensorsReader file, TensorSpec tensor)
    {
        float[] values = new float[tensor.Shape.Elements];
        file.ReadF32(tensor.Name, values);
        return values;
    }
}
