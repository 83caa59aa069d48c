using Goodhart.Engine.Cpu.Threads;
using Xunit;

namespace Goodhart.Engine.Cpu.Tests;

public sealed class ThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void EveryChunkOfManyTinyRunsIsRunOnce(int threads)
    {
        using ThreadTeam team = new(threads);
        int[] counts = new int[17];
        for (int run = 0; run < 20_000; run++)
        {
            int chunks = run % 18;
            Array.Clear(counts);
            team.Run(chunks, (chunk, worker) =>
            {
                Assert.InRange(worker, 0, threads - 1);
                Interlocked.Increment(ref counts[chunk]);
            });
            for (int chunk = 0; chunk < counts.Length; chunk++)
            {
                Assert.Equal(chunk < chunks ? 1 : 0, counts[chunk]);
            }
        }
    }

    /// <summary>Pauses of every length, so that workers are caught spinning, on their way to sleep, and asleep.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void WorkersWakeAfterPausesOfAnyLength(int threads)
    {
        using ThreadTeam team = new(threads);
        for (int run = 0; run < 400; run++)
        {
            long until = Environment.TickCount64 + (run % 40 == 0 ? 3 : 0);
            Thread.SpinWait(run * 20);
            while (Environment.TickCount64 < until)
            {
                Thread.Yield();
            }

            int done = 0;
            team.Run(8, (_, _) => Interlocked.Increment(ref done));
            Assert.Equal(8, done);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AnExceptionIsThrownToTheCallerAndTheTeamSurvives(int threads)
    {
        using ThreadTeam team = new(threads);
        for (int run = 0; run < 200; run++)
        {
            int bad = run % 10;
            Assert.Throws<FormatException>(() => team.Run(10, (chunk, _) =>
            {
                if (chunk == bad)
                {
                    throw new FormatException("bad chunk");
                }
            }));
            int done = 0;
            team.Run(10, (_, _) => Interlocked.Increment(ref done));
            Assert.Equal(10, done);
        }
    }

    [Fact]
    public void ARunInsideARunIsRefused()
    {
        using ThreadTeam team = new(2);
        Assert.Throws<InvalidOperationException>(() => team.Run(4, (_, _) => team.Run(4, (_, _) => { })));
        team.Run(4, (_, _) => { });
    }

    [Fact]
    public void TeamsSideBySideDoNotDisturbEachOther()
    {
        int[] sums = new int[3];
        Thread[] callers = [.. Enumerable.Range(0, 3).Select(caller => new Thread(() =>
        {
            using ThreadTeam team = new(2);
            for (int run = 0; run < 3000; run++)
            {
                team.Run(5, (_, _) => Interlocked.Increment(ref sums[caller]));
            }
        }))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.Equal([15_000, 15_000, 15_000], sums);
    }
}
