using Goodhart.Engine.Randomness;
using Xunit;

namespace Goodhart.Engine.Tests.Randomness;

public sealed class PhiloxTests
{
    /// <summary>Random123's known answers for philox4x32-10 (kat_vectors): counter 0..3, key 0..1, result 0..3.</summary>
    [Theory]
    [InlineData(
        new uint[] { 0, 0, 0, 0 }, new uint[] { 0, 0 }, new uint[] { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 })]
    [InlineData(
        new uint[] { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
        new uint[] { 0xffffffff, 0xffffffff },
        new uint[] { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd })]
    [InlineData(
        new uint[] { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 },
        new uint[] { 0xa4093822, 0x299f31d0 },
        new uint[] { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 })]
    public void Known_answers(uint[] counter, uint[] key, uint[] expected)
    {
        (uint w0, uint w1, uint w2, uint w3) = Philox.Block(
            key[0] | ((ulong)key[1] << 32), counter[0], counter[1], counter[2], counter[3]);
        Assert.Equal(expected, (uint[])[w0, w1, w2, w3]);
    }

    /// <summary>First eight bytes, little-endian, of SHA-256(seed as eight little-endian bytes ‖ purpose), from Python's hashlib.</summary>
    [Theory]
    [InlineData(0, "", 0x7a0b81a1f57055af)]
    [InlineData(7, "evaluation samples/0", 0x6f26c5f1a5e56177)]
    [InlineData(ulong.MaxValue, "β", 0x69e61e24e817d41e)]
    public void A_purpose_has_its_key(ulong seed, string purpose, ulong expected) =>
        Assert.Equal(expected, Philox.Key(seed, purpose));

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(511u)]
    [InlineData(0x7fffffffu)]
    [InlineData(uint.MaxValue - 511)]
    [InlineData(uint.MaxValue)]
    public void An_open_unit_has_a_finite_double_logarithm(uint word)
    {
        float u = Philox.OpenUnit(word);
        Assert.InRange(u, float.BitIncrement(0), float.BitDecrement(1));
        Assert.True(float.IsFinite(-MathF.Log(-MathF.Log(u))));
        Assert.Equal((word + 0.5) / 4294967296.0, u, 1e-7);
    }
}
