using System.Runtime.ExceptionServices;

namespace Goodhart.Engine.Cpu.Threads;

/// <summary>
/// A standing team: chunks are handed out from one atomic counter, workers spin a while and then sleep. Which worker computes a chunk
/// is not determined, so a chunk's result must not depend on it: chunks partition outputs and never a sum.
/// </summary>
/// <remarks>
/// A run waits only for chunks that were taken, never for a worker to wake: one that the system keeps waiting finds nothing left to
/// take. The counter carries the number of its run in its upper half, so that a late worker cannot take a chunk of a run that it has
/// not seen; between runs the counter is closed, and only then do the body and the count change.
/// </remarks>
public sealed class ThreadTeam : IDisposable
{
    // Longer than the serial stretches between the runs of a training step.
    private const int SpinsBeforeSleep = 1000;

    // A yield can cost a whole time slice where other programs wait for the core: only after about 0.1 ms.
    private const int SpinsBeforeYield = 300;
    private const int PauseLength = 10;
    private const uint Closed = uint.MaxValue;

    private readonly Thread[] workers;
    private readonly object gate = new();
    private Action<int, int> body = static (_, _) => { };
    private int chunkCount;
    private long counter = Compose(0, Closed);
    private int completed;
    private int sleepers;
    private int running;
    private volatile bool stopping;
    private ExceptionDispatchInfo? failure;

    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        Threads = threads;
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            int worker = i + 1;
            workers[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"goodhart compute {worker}" };
            workers[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>Runs body(chunk, worker) for every chunk; worker is in [0, Threads) and may index scratch memory.</summary>
    /// <remarks>The first exception of a chunk is thrown here, after all chunks under way have ended.</remarks>
    /// <exception cref="InvalidOperationException">Another caller, or a chunk of this team, is running.</exception>
    public void Run(int chunks, Action<int, int> body)
    {
        if (Interlocked.Exchange(ref running, 1) != 0)
        {
            throw new InvalidOperationException("A thread team has one caller at a time: give each caller its own device.");
        }

        try
        {
            if (Threads > 1 && chunks > 1)
            {
                RunShared(chunks, body);
                return;
            }

            for (int chunk = 0; chunk < chunks; chunk++)
            {
                body(chunk, 0);
            }
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    public void Dispose()
    {
        stopping = true;
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }
    }

    private static long Compose(uint run, uint next) => (long)(((ulong)run << 32) | next);

    private static uint RunOf(long counter) => (uint)((ulong)counter >> 32);

    private static void Pause(int spins)
    {
        if (spins < SpinsBeforeYield)
        {
            Thread.SpinWait(PauseLength);
        }
        else
        {
            Thread.Yield();
        }
    }

    private void RunShared(int chunks, Action<int, int> body)
    {
        this.body = body;
        chunkCount = chunks;
        completed = 0;
        uint run = RunOf(counter) + 1;
        Interlocked.Exchange(ref counter, Compose(run, 0));
        if (Volatile.Read(ref sleepers) > 0)
        {
            lock (gate)
            {
                Monitor.PulseAll(gate);
            }
        }

        TakeChunks(run, 0);
        for (int spins = 0; Volatile.Read(ref completed) < chunks; spins++)
        {
            Pause(spins);
        }

        Interlocked.Exchange(ref counter, Compose(run, Closed));
        Interlocked.Exchange(ref failure, null)?.Throw();
    }

    private void Work(int worker)
    {
        uint seen = 0;
        while (AwaitRun(seen))
        {
            seen = RunOf(Volatile.Read(ref counter));
            TakeChunks(seen, worker);
        }
    }

    /// <summary>Waits for a run after <paramref name="seen"/>; false when the team is being disposed of.</summary>
    private bool AwaitRun(uint seen)
    {
        for (int spins = 0; spins < SpinsBeforeSleep; spins++)
        {
            if (stopping || RunOf(Volatile.Read(ref counter)) != seen)
            {
                return !stopping;
            }

            Pause(spins);
        }

        lock (gate)
        {
            // Counted before looking: either the starter sees a sleeper and pulses, or this sees the new run.
            Interlocked.Increment(ref sleepers);
            while (!stopping && RunOf(Volatile.Read(ref counter)) == seen)
            {
                Monitor.Wait(gate);
            }

            Interlocked.Decrement(ref sleepers);
        }

        return !stopping;
    }

    private void TakeChunks(uint run, int worker)
    {
        while (true)
        {
            long current = Volatile.Read(ref counter);
            uint next = (uint)current;
            Action<int, int> chunkBody = body;
            if (RunOf(current) != run || next >= (uint)Volatile.Read(ref chunkCount))
            {
                return;
            }

            if (Interlocked.CompareExchange(ref counter, current + 1, current) == current)
            {
                RunChunk(chunkBody, (int)next, worker);
                Interlocked.Increment(ref completed);
            }
        }
    }

    private void RunChunk(Action<int, int> chunkBody, int chunk, int worker)
    {
        if (Volatile.Read(ref failure) is not null)
        {
            return;
        }

        try
        {
            chunkBody(chunk, worker);
        }
        catch (Exception thrown)
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(thrown), null);
        }
    }
}
