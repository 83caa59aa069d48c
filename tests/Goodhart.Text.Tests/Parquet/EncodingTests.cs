using Goodhart.Text.Parquet.Encodings;
using Xunit;

namespace Goodhart.Text.Tests.Parquet;

/// <summary>Examples from apache/parquet-format, <c>Encodings.md</c>, and their edges.</summary>
public sealed class EncodingTests
{
    [Fact]   // "1, 2, 3, 4, 5": differences of one, so no bits at all
    public void Deltas_example_one() => Assert.Equal(
        [1, 2, 3, 4, 5], Deltas([128, 1, 4, 5, 2, 2, 0, 0, 0, 0], 5));

    [Fact]   // "7, 5, 3, 1, 2, 3, 4, 5": differences −2 −2 −2 1 1 1 1, smallest −2, in two bits: 0 0 0 3 3 3 3
    public void Deltas_example_two() => Assert.Equal(
        [7, 5, 3, 1, 2, 3, 4, 5], Deltas([128, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0xC0, 0x3F, 0, 0, 0, 0, 0, 0], 8));

    [Fact]
    public void Deltas_wrap_around() => Assert.Equal(
        [long.MaxValue, long.MinValue],
        Deltas([128, 1, 4, 2, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 2, 0, 0, 0, 0], 2));

    [Fact]
    public void Deltas_of_nothing_and_of_one_value()
    {
        Assert.Equal([], Deltas([128, 1, 4, 0, 0], 0));
        Assert.Equal([-3], Deltas([128, 1, 4, 1, 5], 1));
    }

    [Fact]   // bits 000 001 … 111 packed from the lowest: the example of the format
    public void Groups_of_three_bits() => Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], Runs([3, 0x88, 0xC6, 0xFA], 3, 8, 8));

    [Fact]
    public void Runs_and_groups_mix_and_padding_is_dropped() =>
        Assert.Equal([5, 5, 5, 0, 1, 2], Runs([6, 5, 3, 0x88, 0xC6, 0xFA], 3, 8, 6));

    [Fact]
    public void Width_zero_takes_no_bytes() => Assert.Equal([0, 0, 0], Runs([6], 0, 1, 3));

    [Theory]
    [InlineData(new byte[] { 0, 1 }, 1)]   // a run of nothing would never end
    [InlineData(new byte[] { 2 }, 1)]   // a run without its value
    [InlineData(new byte[] { 2, 1 }, 33)]
    [InlineData(new byte[] { 2, 2 }, 2)]   // a value beyond the limit
    [InlineData(new byte[] { }, 1)]
    public void Refuses_bad_runs(byte[] bytes, int width) => Assert.Throws<InvalidDataException>(() => Runs(bytes, width, 2, 1));

    [Theory]
    [InlineData(new byte[] { 0, 1, 1, 0 })]   // blocks of nothing
    [InlineData(new byte[] { 128, 1, 0, 1, 0 })]   // no miniblocks
    [InlineData(new byte[] { 128, 1, 4, 9, 0 })]   // another count than the page's
    [InlineData(new byte[] { 128, 1, 4, 2, 0, 0, 65, 0, 0, 0 })]   // differences of 65 bits
    [InlineData(new byte[] { 128, 1, 4, 2, 0, 0, 8, 0, 0, 0, 1 })]   // a miniblock cut short
    public void Refuses_bad_deltas(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Deltas(bytes, 2));

    private static long[] Deltas(byte[] bytes, int count)
    {
        PageBytes page = new(bytes);
        return DeltaBinaryPacked.Decode(ref page, count);
    }

    private static int[] Runs(byte[] bytes, int width, long limit, int count)
    {
        int[] values = new int[count];
        RunLength.Decode(new(bytes), width, limit, values);
        return values;
    }
}
