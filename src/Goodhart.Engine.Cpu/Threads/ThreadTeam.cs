namespace Goodhart.Engine.Cpu.Threads;

/// <summary>
/// A standing team: chunks are handed out from one atomic counter, workers spin a while and then sleep. Which worker computes a chunk
/// is not determined, so a chunk's result must not depend on it: chunks partition outputs and never a sum.
/// </summary>
public sealed class ThreadTeam : IDisposable
{
    private const int SpinsBeforeSleep = 4000;
    private readonly Thread[] workers;
    private readonly SemaphoreSlim wake = new(0);
    private Action<int, int>? body;
    private int chunkCount;
    private int nextChunk;
    private int busy;
    private int sleeping;
    private volatile int generation;
    private volatile bool stopping;
    private Exception? failure;

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
    public void Run(int chunks, Action<int, int> body)
    {
        if (Threads == 1 || chunks <= 1)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                body(chunk, 0);
            }

            return;
        }

        this.body = body;
        chunkCount = chunks;
        nextChunk = 0;
        busy = workers.Length;
        generation++;
        Thread.MemoryBarrier();
        int asleep = Interlocked.Exchange(ref sleeping, 0);
        if (asleep > 0)
        {
            wake.Release(asleep);
        }

        TakeChunks(0);
        SpinWait spin = default;
        while (Volatile.Read(ref busy) != 0)
        {
            spin.SpinOnce(-1);
        }

        this.body = null;
        if (Interlocked.Exchange(ref failure, null) is { } thrown)
        {
            throw new InvalidOperationException("A compute thread failed: " + thrown.Message, thrown);
        }
    }

    public void Dispose()
    {
        stopping = true;
        generation++;
        wake.Release(workers.Length);
        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        wake.Dispose();
    }

    private void Work(int worker)
    {
        int seen = 0;
        while (true)
        {
            AwaitGeneration(seen);
            if (stopping)
            {
                return;
            }

            seen = generation;
            TakeChunks(worker);
            Interlocked.Decrement(ref busy);
        }
    }

    private void AwaitGeneration(int seen)
    {
        for (int spins = 0; generation == seen && !stopping; spins++)
        {
            if (spins < SpinsBeforeSleep)
            {
                Thread.SpinWait(20);
                continue;
            }

            Interlocked.Increment(ref sleeping);
            if (generation != seen || stopping)
            {
                // The starter may already have counted this worker as asleep: take the release it owes us, or withdraw.
                if (Interlocked.CompareExchange(ref sleeping, 0, 0) > 0 && TryWithdraw())
                {
                    return;
                }
            }

            wake.Wait();
        }
    }

    private bool TryWithdraw()
    {
        while (true)
        {
            int count = Volatile.Read(ref sleeping);
            if (count == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref sleeping, count - 1, count) == count)
            {
                return true;
            }
        }
    }

    private void TakeChunks(int worker)
    {
        try
        {
            int chunk;
            while ((chunk = Interlocked.Increment(ref nextChunk) - 1) < chunkCount)
            {
                body!(chunk, worker);
            }
        }
        catch (Exception thrown)
        {
            Interlocked.CompareExchange(ref failure, thrown, null);
        }
    }
}
