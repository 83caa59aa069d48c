using System.Diagnostics;
using Goodhart.Cli.Bench.Work;
using Goodhart.Engine;
using Goodhart.Engine.Planning;

namespace Goodhart.Cli.Bench;

/// <summary>Measures work.</summary>
/// <param name="device">With the memory that <paramref name="memory"/> counts.</param>
/// <param name="peak">GEMM peak, FLOP/s.</param>
/// <param name="time">For each kind of work, by the wall; at least one step is measured after one that is not.</param>
/// <param name="profile">Null: operations are not timed one by one.</param>
internal sealed class ModelBench(
    IDevice device, MemoryMeter memory, double peak, BenchClock clock, TimeSpan time, OpProfile? profile) : IDisposable
{
    private readonly IArena looks = device.CreateArena("looks", 64);

    /// <summary>A row for each part of the work, and for sampling one more: what the whole takes longer than the prompts.</summary>
    public IEnumerable<BenchRow> Run(string name, BenchWork work, WorkSetting setting, CancellationToken cancel)
    {
        BenchRow? prefill = null;
        foreach (WorkPart part in work.Parts(setting))
        {
            using (part)
            {
                BenchRow row = Row(name, part, setting, cancel);
                yield return row;
                prefill = row.Work == SampleWork.Prefill ? row : prefill;
                if (row.Work == SampleWork.Whole && prefill is not null && row.Seconds > prefill.Seconds)
                {
                    WorkAmount rest = new(row.Tokens - row.Items, row.Items, row.Flops - prefill.Flops);
                    yield return Rated(row with { Work = SampleWork.Decode, Operations = null }, rest, row.Seconds - prefill.Seconds);
                }
            }
        }
    }

    public void Dispose() => looks.Dispose();

    private BenchRow Row(string name, WorkPart part, WorkSetting setting, CancellationToken cancel)
    {
        memory.Restart();
        ProcessMemory.Restart();
        WarmUp(part);
        profile?.Clear();
        List<double> seconds = [];
        Stopwatch watch = Stopwatch.StartNew();
        do
        {
            cancel.ThrowIfCancellationRequested();
            TimeSpan start = clock.Now;
            Step(part);
            seconds.Add((clock.Now - start).TotalSeconds);
        }
        while (watch.Elapsed < time);

        seconds.Sort();
        BenchRow row = new(
            name, setting.Model.Parameters.Count, part.Name, part.Unit, seconds.Count, 0, seconds[0], 0, 0, 0, 0, 0, 0, 0,
            memory.PeakBytes, ProcessMemory.Peak(), profile?.Rows());
        return Rated(row, part.Amount, (seconds[(seconds.Count - 1) / 2] + seconds[seconds.Count / 2]) / 2);
    }

    /// <summary>Compiles the kernels and sizes the arenas: a first step finds their size, a second one has it.</summary>
    private void WarmUp(WorkPart part)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Step(part);
        if (watch.Elapsed < time)
        {
            Step(part);
        }
    }

    private void Step(WorkPart part)
    {
        if (profile is null)
        {
            part.Step();
        }
        else
        {
            profile.Round(() =>
            {
                part.Step();
                return 0;
            });
        }

        looks.Reset();
        device.Read(looks.Allocate(1, 1).Mem).Wait();   // a device may have been asked for more than it has done
    }

    private BenchRow Rated(BenchRow row, WorkAmount amount, double seconds) => row with
    {
        Seconds = seconds,
        Tokens = amount.Tokens,
        Items = amount.Items,
        Flops = amount.Flops,
        TokensPerSecond = amount.Tokens / seconds,
        ItemsPerSecond = amount.Items / seconds,
        FlopsPerSecond = amount.Flops / seconds,
        Utilisation = amount.Flops / seconds / peak,
    };
}
