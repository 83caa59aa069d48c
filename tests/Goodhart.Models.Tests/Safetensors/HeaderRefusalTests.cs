using System.Buffers.Binary;
using System.Text;
using Goodhart.Models.Safetensors;
using Xunit;

namespace Goodhart.Models.Tests.Safetensors;

public sealed class HeaderRefusalTests
{
    private const string A = """ "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]} """;

    public static TheoryData<string, int, string> Broken => new()
    {
        { """{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", 8, "found 'F31'" },
        { """{"a":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", 8, "found 'f32'" },
        { """{"a":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""", 8, "dtype: expected String, found Number" },
        { """{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "expected whole numbers >= 0 within 64 bits, found '-2'" },
        { """{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", 8, "found '2.0'" },
        { """{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", 8, "found '2'" },
        { """{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", 8, "found '99999999999999999999'" },
        { """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", 8, "element count fits 64 bits" },
        { """{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}""", 0, "element count fits 64 bits" },
        { """{"a":{"dtype":"F64","shape":[9223372036854775807],"data_offsets":[0,8]}}""", 8, "span 8 bytes" },
        { """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "takes 96 bits, but data_offsets [0, 8] span 8 bytes" },
        { """{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", 2, "F4 of shape [3] takes 12 bits" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "begin <= end, found [8, 0]" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "expected data_offsets [begin, end]" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", 8, "expected data_offsets [begin, end]" },
        { """{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", 8, "shape: expected StartArray, found Number" },
        { """{"a":{"dtype":"F32","data_offsets":[0,8]}}""", 8, "found no shape" },
        { """{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "found no dtype" },
        { """{"a":{"dtype":"F32","shape":[2]}}""", 8, "found no data_offsets" },
        { """{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "'dtype' appears twice" },
        { """{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", 8, "'shape' appears twice" },
        { """{"a":7}""", 0, "tensor 'a': expected StartObject, found Number" },
        { $"{{{A},{A}}}", 8, "key 'a' appears twice" },
        {
            $"{{{A},\"b\":{{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}}}", 8,
            "tensor 'b' overlaps tensor 'a': expected data_offsets to begin at 8, found 4"
        },
        { $"{{{A},\"b\":{{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[9,13]}}}}", 13, "tensor 'b' leaves a hole after tensor 'a'" },
        { """{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "tensor 'a' leaves a hole after the start of the data" },
        { $"{{{A}}}", 9, "expected 8 bytes of tensor data after the header, found 9: bytes that belong to no tensor" },
        { $"{{{A}}}", 7, "found an end at 8: the file is cut short or its header is wrong" },
        { """{"__metadata__":{"format":1}}""", 0, "__metadata__.format: expected String, found Number" },
        { """{"__metadata__":["pt"]}""", 0, "__metadata__: expected StartObject, found StartArray" },
        { """{"__metadata__":{"x":"1","x":"2"}}""", 0, "__metadata__ has key 'x' twice" },
        { """{"__metadata__":{},"__metadata__":{}}""", 0, "key '__metadata__' appears twice" },
        { """{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "expected Unicode text" },
        { """[]""", 0, "expected the header to begin with '{', found byte 0x5B" },
        { """ {}""", 0, "expected the header to begin with '{', found byte 0x20" },
        { "", 0, "found an empty header" },
        { """{}{}""", 0, "not valid JSON" },
        { """{"a":""", 0, "not valid JSON" },
        { """{"a":{"x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1""", 0, "not valid JSON" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Says_what_was_expected_and_found(string header, int dataBytes, string fragment) =>
        Assert.Contains(fragment, RawFile.Refusal(RawFile.Bytes(header, dataBytes)), StringComparison.Ordinal);

    [Fact]
    public void Refuses_bytes_that_are_not_utf8() => Assert.Contains(
        "not valid UTF-8", RawFile.Refusal(RawFile.Bytes([(byte)'{', (byte)'"', 0xFF, (byte)'"'], 0)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0), InlineData(7)]
    public void Refuses_a_file_without_room_for_the_length(int bytes) => Assert.Contains(
        $"expected at least 8 bytes (the header's length), found {bytes}", RawFile.Refusal(new byte[bytes]), StringComparison.Ordinal);

    [Theory]
    [InlineData(3UL), InlineData(100_000_001UL), InlineData(1UL << 62), InlineData(ulong.MaxValue)]
    public void Refuses_a_header_longer_than_the_file_before_allocating_it(ulong stated)
    {
        byte[] file = RawFile.Bytes("{}", 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file, stated);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = RawFile.Refusal(file);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.Contains("expected a header of at most 2 bytes (the file has 10, ", message, StringComparison.Ordinal);
        Assert.Contains($"found a stated length of {stated}:", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_name_does_not_make_a_long_message() =>
        Assert.True(RawFile.Refusal(RawFile.Bytes($"{{\"{new string('x', 1 << 20)}\":1}}", 0)).Length < 1000);

    [Theory]
    [InlineData("{}", 0, 0)]
    [InlineData("{}   \n", 0, 0)]
    [InlineData("""{"__metadata__":null}""", 0, 0)]
    [InlineData("""{"b":{"dtype":"U8","shape":[4],"data_offsets":[8,12]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, 2)]
    [InlineData("""{"":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", 1, 1)]
    [InlineData("""{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}""", 2, 1)]
    [InlineData("""{"a":{"later":{"x":[1,null]},"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, 1)]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, 2)]
    public void Accepts_what_the_format_accepts(string header, int dataBytes, int tensors)
    {
        using ScratchFolder scratch = new();
        File.WriteAllBytes(scratch.PathOf("x.safetensors"), RawFile.Bytes(Encoding.UTF8.GetBytes(header), dataBytes));
        using SafetensorsReader file = SafetensorsReader.Open(scratch.PathOf("x.safetensors"));
        Assert.Equal(tensors, file.Tensors.Count);
    }
}
