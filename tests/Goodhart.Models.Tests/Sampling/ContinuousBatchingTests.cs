using System.Reflection;
using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Engine.Randomness;
using Goodhart.Models.Sampling;
using Xunit;

namespace Goodhart.Models.Tests.Sampling;

/// <summary>Prompts that enter when others have left.</summary>
public sealed class ContinuousBatchingTests : IDisposable
{
    private const int Places = 8;
    private static readonly SamplingOptions Plain = new(SmallModel.Eos, 10, Seed: 9, "entering") { PromptsPerBatch = Places };

    private readonly CpuDevice device = new(1);
    private readonly SamplingPrompt[] prompts =
    [
        .. Enumerable.Range(0, 200).Select(i =>
        {
            RandomStream random = new(2, "prompts", (uint)i);
            return new SamplingPrompt(i, SmallModel.Tokens(random, 1 + random.NextInt(25)));
        }),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Entering_while_others_are_under_way_changes_no_bit(int samples)
    {
        using LanguageModel model = SmallModel.Create(device);
        using Sampler many = new(model, Plain with { SamplesPerPrompt = samples });
        using Sampler one = new(model, Plain with { SamplesPerPrompt = samples, PromptsPerBatch = 1 });
        IReadOnlyList<Rollout> together = many.Sample(prompts);
        IReadOnlyList<Rollout> alone = one.Sample(prompts);
        Assert.True(together.Select(rollout => rollout.Tokens.Length).Distinct().Count() > 5, "Responses should end at many lengths.");
        for (int i = 0; i < alone.Count; i++)
        {
            Assert.Equal((alone[i].Item, alone[i].Sample, alone[i].LogProb), (together[i].Item, together[i].Sample, together[i].LogProb));
            Assert.Equal(alone[i].Tokens, together[i].Tokens);
        }
    }

    /// <summary>Batches that wait for their last response would decode with half of their places empty.</summary>
    [Fact]
    public void Places_are_filled_and_no_more_than_there_are()
    {
        using CountingDevice counting = new(device);
        using LanguageModel model = SmallModel.Create(counting);
        using Sampler sampler = new(model, Plain);
        counting.DecodedRows.Clear();
        int tokens = sampler.Sample(prompts).Sum(rollout => rollout.Tokens.Length - 1);
        Assert.Equal(tokens, counting.DecodedRows.Sum() / model.Config.Layers);
        Assert.InRange(counting.DecodedRows.Max(), 1, Places);
        Assert.InRange(counting.DecodedRows.Average(), 0.85 * Places, Places);
    }

    /// <summary>With memory for a few prompts a few are kept together; one that alone needs more is sampled too.</summary>
    [Theory]
    [InlineData(90, 2, 5)]
    [InlineData(1, 1, 2)]
    public void A_smaller_cache_changes_no_bit(int cacheRows, int atLeast, int atMost)
    {
        using CountingDevice counting = new(device);
        using LanguageModel model = SmallModel.Create(counting);
        using Sampler roomy = new(model, Plain);
        Rollout[] free = [.. roomy.Sample(prompts)];
        counting.DecodedRows.Clear();
        using Sampler narrow = new(model, Plain with { CacheRows = cacheRows });
        Rollout[] found = [.. narrow.Sample(prompts)];
        Assert.Equal(free.Select(rollout => (rollout.Item, rollout.LogProb)), found.Select(rollout => (rollout.Item, rollout.LogProb)));
        Assert.Equal(free.SelectMany(rollout => rollout.Tokens), found.SelectMany(rollout => rollout.Tokens));
        Assert.InRange(counting.DecodedRows.Average(), atLeast, atMost);
    }

    /// <summary>What is whole is handed out before the rest is drawn, in order and with all its samples.</summary>
    [Fact]
    public void Responses_come_in_order_while_others_are_under_way()
    {
        using CountingDevice counting = new(device);
        using LanguageModel model = SmallModel.Create(counting);
        using Sampler sampler = new(model, Plain with { SamplesPerPrompt = 2 });
        Rollout[] whole = [.. sampler.Sample(prompts)];
        int all = counting.DecodedRows.Sum();
        counting.DecodedRows.Clear();
        List<int> work = [];
        int seen = 0;
        foreach (Rollout[] own in sampler.Stream(prompts))
        {
            work.Add(counting.DecodedRows.Sum());
            Assert.Equal(whole.Skip(2 * seen).Take(2).Select(rollout => (rollout.Item, rollout.Sample, rollout.LogProb)),
                own.Select(rollout => (rollout.Item, rollout.Sample, rollout.LogProb)));
            seen++;
        }

        Assert.Equal(prompts.Length, seen);
        Assert.InRange(work[0], 0, all / 5);
        Assert.InRange(work[seen / 2], all / 4, 3 * all / 4);
    }

    public void Dispose() => device.Dispose();

    /// <summary>Counts the rows of every attention over the cache.</summary>
    private sealed class CountingDevice : IDevice
    {
        private readonly CpuDevice inner;

        public CountingDevice(CpuDevice inner)
        {
            this.inner = inner;
            Ops = DispatchProxy.Create<IOps, CountedOps>();
            ((CountedOps)(object)Ops).Counts = (inner.Ops, DecodedRows);
        }

        public List<int> DecodedRows { get; } = [];

        public DeviceInfo Info => inner.Info;

        public IOps Ops { get; }

        public IArena CreateArena(string name, long bytes) => inner.CreateArena(name, bytes);

        public void Upload(Mem destination, ReadOnlySpan<byte> source) => inner.Upload(destination, source);

        public IPending Read(Mem source) => inner.Read(source);

        public IPlan Prepare(SequencePlan plan, IArena arena) => inner.Prepare(plan, arena);

        public IDisposable Hold(HeldWeights weights, IArena room) => inner.Hold(weights, room);

        public void Dispose()
        {
        }
    }

#pragma warning disable CA1852   // A proxy's type is made from this one.
    private class CountedOps : DispatchProxy
#pragma warning restore CA1852
    {
        public (IOps Inner, List<int> Rows) Counts { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IOps.DecodeAttention))
            {
                Counts.Rows.Add(((Heads)args![0]!).Rows);
            }

            return targetMethod.Invoke(Counts.Inner, args);
        }
    }
}
