using System.Text.Json;
using Goodhart.Models.Safetensors;
using Xunit;

namespace Goodhart.Models.Tests.Safetensors;

public sealed class FloatStorageTests
{
    [Theory]
    [InlineData(StorageType.BF16, "bf16_bits", "bf16_to_f32_bits")]
    [InlineData(StorageType.F16, "f16_bits", "f16_to_f32_bits")]
    public void Rounds_and_widens_as_the_reference_does(StorageType type, string storedKey, string widenedKey)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(GoldenFiles.PathOf("safetensors", "dtype_conversions.json")));
        int rows = 0, widened = 0;
        foreach (JsonElement row in document.RootElement.GetProperty("rows").EnumerateArray())
        {
            float value = BitConverter.UInt32BitsToSingle(row.GetProperty("f32_bits").GetUInt32());
            ushort stored = Encode(type, value);
            if (float.IsNaN(value))
            {
                Assert.True(float.IsNaN(Decode(type, stored)));
            }
            else
            {
                Assert.Equal(row.GetProperty(storedKey).GetUInt16(), stored);
                if (row.TryGetProperty(widenedKey, out JsonElement wide))
                {
                    Assert.Equal(wide.GetUInt32(), BitConverter.SingleToUInt32Bits(Decode(type, stored)));
                    widened++;
                }
            }

            rows++;
        }

        Assert.Equal(436, rows);
        Assert.True(widened > 20, $"only {widened} rows say what the half-precision value widens to");
    }

    [Fact]   // whole vectors and the rest after them; NaN payloads aside
    public void Every_half_precision_value_is_widened_alike_alone_and_in_bulk()
    {
        byte[] stored = new byte[2 * 65537];
        for (int bits = 0; bits <= 65536; bits++)
        {
            BitConverter.TryWriteBytes(stored.AsSpan(2 * bits), (ushort)bits);
        }

        float[] f16 = new float[65537], bf16 = new float[65537];
        FloatStorage.Decode(StorageType.F16, stored, f16);
        FloatStorage.Decode(StorageType.BF16, stored, bf16);
        for (int bits = 0; bits <= 65536; bits++)
        {
            float half = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            Assert.True(float.IsNaN(half)
                ? float.IsNaN(f16[bits])
                : BitConverter.SingleToUInt32Bits(half) == BitConverter.SingleToUInt32Bits(f16[bits]),
                $"F16 0x{bits:X4} became {f16[bits]}");
            Assert.Equal((uint)(ushort)bits << 16, BitConverter.SingleToUInt32Bits(bf16[bits]));
        }
    }

    [Theory]
    [InlineData(StorageType.BF16)]
    [InlineData(StorageType.F16)]
    public void Every_half_precision_value_survives_a_round_trip(StorageType type)
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float value = Decode(type, (ushort)bits);
            if (!float.IsNaN(value))
            {
                Assert.Equal((ushort)bits, Encode(type, value));
            }
        }
    }

    [Fact]   // the payload lies in the bits that are cut off: plain rounding would carry it into infinity
    public void A_nan_never_becomes_infinity() =>
        Assert.True(float.IsNaN(Decode(StorageType.BF16, Encode(StorageType.BF16, BitConverter.UInt32BitsToSingle(0x7F800001)))));

    [Fact]
    public void Refuses_types_that_are_not_floating_point()
    {
        Assert.Throws<ArgumentException>(() => FloatStorage.Encode(StorageType.I32, [1f], new byte[4]));
        Assert.Throws<ArgumentException>(() => FloatStorage.Decode(StorageType.I32, new byte[4], new float[1]));
    }

    private static ushort Encode(StorageType type, float value)
    {
        byte[] bytes = new byte[2];
        FloatStorage.Encode(type, [value], bytes);
        return BitConverter.ToUInt16(bytes);
    }

    private static float Decode(StorageType type, ushort bits)
    {
        float[] value = new float[1];
        FloatStorage.Decode(type, BitConverter.GetBytes(bits), value);
        return value[0];
    }
}
