using Goodhart.Models.Safetensors;
using Xunit;

namespace Goodhart.Models.Tests.Safetensors;

public sealed class AllTypesTests : IDisposable
{
    private readonly SafetensorsReader file = SafetensorsReader.Open(GoldenFiles.PathOf("safetensors", "all_dtypes.safetensors"));

    public void Dispose() => file.Dispose();

    [Fact]
    public void Lists_every_tensor_with_type_and_shape_in_order_of_bytes() => Assert.Equal(
        [
            "f64 F64 [2, 3]", "i64 I64 [3]", "empty_f32 F32 [0, 3]", "f32 F32 [3, 2]", "i32 I32 [3]",
            "name with spaces / ünïcode \"quote\" F32 [2]", "scalar_f32 F32 []", "bf16 BF16 [5]", "f16 F16 [5]", "i16 I16 [2]",
            "bool BOOL [2, 2]", "i8 I8 [2]", "u8 U8 [2]",
        ],
        file.Tensors.Select(tensor => $"{tensor.Name} {tensor.Type.Name()} {tensor.Shape}"));

    [Fact]
    public void Gives_the_metadata()
    {
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal("every dtype", file.Metadata["note"]);
        Assert.Equal(2, file.Metadata.Count);
    }

    [Theory]
    [InlineData("f32", new[] { 0f, 1 / 7f, 2 / 7f, 3 / 7f, 4 / 7f, 5 / 7f })]
    [InlineData("f64", new[] { 0f, 1 / 7f, 2 / 7f, 3 / 7f, 4 / 7f, 5 / 7f })]   // rounded once, so the same floats
    [InlineData("bf16", new[] { -2f, -1, 0, 1, 2 })]
    [InlineData("f16", new[] { -2f, -1, 0, 1, 2 })]
    [InlineData("scalar_f32", new[] { 1.5f })]
    [InlineData("empty_f32", new float[0])]
    [InlineData("name with spaces / ünïcode \"quote\"", new[] { 1f, 2 })]
    public void Reads_floating_point_as_float32(string name, float[] expected)
    {
        float[] values = new float[expected.Length];
        file.ReadF32(name, values);
        Assert.Equal(expected, values);
    }

    [Theory]
    [InlineData("i32", new byte[] { 0, 0, 0, 128, 0, 0, 0, 0, 255, 255, 255, 127 })]
    [InlineData("bool", new byte[] { 1, 0, 0, 1 })]
    [InlineData("i16", new byte[] { 0, 128, 7, 0 })]
    [InlineData("i8", new byte[] { 128, 127 })]
    [InlineData("u8", new byte[] { 0, 255 })]
    [InlineData("bf16", new byte[] { 0, 192, 128, 191, 0, 0, 128, 63, 0, 64 })]
    [InlineData("empty_f32", new byte[0])]
    public void Reads_any_type_as_bytes(string name, byte[] expected)
    {
        byte[] bytes = new byte[expected.Length];
        file.ReadBytes(name, bytes);
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void Refuses_whole_numbers_as_float32()
    {
        string message = Assert.Throws<InvalidDataException>(() => file.ReadF32("i64", new float[3])).Message;
        Assert.EndsWith("tensor 'i64': expected F16, BF16, F32 or F64, found I64.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_destination_of_another_length()
    {
        string message = Assert.Throws<ArgumentException>(() => file.ReadF32("f32", new float[7])).Message;
        Assert.EndsWith("tensor 'f32' [3, 2]: expected a destination of 6 floats, found 7.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_which_tensors_there_are_when_a_name_is_unknown()
    {
        string message = Assert.Throws<InvalidDataException>(() => file.ReadF32("wte", new float[1])).Message;
        Assert.Contains("expected a tensor 'wte', found 13: f64, i64, empty_f32", message, StringComparison.Ordinal);
    }
}
