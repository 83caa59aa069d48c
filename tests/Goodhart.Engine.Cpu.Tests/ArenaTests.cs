using Xunit;

namespace Goodhart.Engine.Cpu.Tests;

public class ArenaTests
{
    private const int Row = 1 << 10;

    [Fact]
    public void A_batch_a_little_larger_than_the_largest_so_far_needs_no_new_memory()
    {
        using HostMemory memory = new();
        using BumpArena arena = new(memory, "test", 64);
        Fill(arena, rows: 1000);
        arena.Reset();
        long held = memory.Bytes;

        Fill(arena, rows: 1200);
        arena.Reset();
        Assert.Equal(held, memory.Bytes);

        Fill(arena, rows: 1400);
        arena.Reset();
        Assert.InRange(memory.Bytes, arena.PeakBytes, arena.PeakBytes * 5 / 4);
    }

    [Fact]
    public void Matrices_of_a_growing_arena_keep_their_values_and_do_not_overlap()
    {
        using CpuDevice device = new();
        using IArena arena = device.CreateArena("test", 64);
        Mat[] mats = [.. Enumerable.Range(1, 40).Select(i => arena.Allocate(i, Row))];
        for (int i = 0; i < mats.Length; i++)
        {
            float[] values = new float[mats[i].Rows * mats[i].Cols];
            Array.Fill(values, i);
            device.Upload(mats[i], values);
        }

        for (int i = 0; i < mats.Length; i++)
        {
            Assert.All(device.ReadF32(mats[i]), value => Assert.Equal(i, value));
        }
    }

    /// <summary>From pages of the system's own size to large ones.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(LargePages.Size - 1)]
    [InlineData(LargePages.Size)]
    [InlineData((3 * LargePages.Size) + 64)]
    public unsafe void Every_byte_of_a_slab_can_be_written(long bytes)
    {
        using HostMemory memory = new();
        byte* start = memory.Address(new Mem(memory.AddSlab(bytes), 0, bytes));
        Assert.Equal(0, (long)start % 64);
        new Span<byte>(start, checked((int)bytes)).Fill(7);
        Assert.Equal(bytes, memory.Bytes);
        Assert.Equal(-1, new ReadOnlySpan<byte>(start, checked((int)bytes)).IndexOfAnyExcept((byte)7));
    }

    private static void Fill(BumpArena arena, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            arena.Allocate(1, Row);
        }
    }
}
