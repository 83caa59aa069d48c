using Goodhart.Engine;
using Goodhart.Engine.Randomness;
using Goodhart.Models.Scoring;

namespace Goodhart.Models.Sampling;

/// <summary>
/// Draws responses in batches with a key-value cache; samples of one prompt share its keys and values. Every (prompt, sample) has its
/// own noise, so neither batching nor the order of prompts changes a token.
/// </summary>
public sealed class Sampler(LanguageModel model, SamplingOptions options) : IDisposable
{
    private readonly IArena arena = model.Device.CreateArena("sampling", 1 << 20);

    /// <summary>Any of them ends a response: what the caller says, and where the model's files name several, those.</summary>
    private readonly int[] ends =
    [
        options.EosId,
        .. model.Config is { FurtherEosTokenIds.Count: > 0, EosTokenId: { } own } ? model.Config.FurtherEosTokenIds.Prepend(own) : [],
    ];

    private readonly ulong key = Philox.Key(options.Seed, options.Purpose);

    /// <summary>Responses in the order of the prompts, samples of a prompt side by side.</summary>
    /// <exception cref="ArgumentException">A prompt is empty, or leaves no room for a response.</exception>
    public IReadOnlyList<Rollout> Sample(IReadOnlyList<SamplingPrompt> prompts, CancellationToken cancel = default)
    {
        List<Rollout> rollouts = [];
        foreach (SamplingPrompt[] batch in prompts.Chunk(options.PromptsPerBatch))
        {
            cancel.ThrowIfCancellationRequested();
            rollouts.AddRange(SampleBatch(batch));
        }

        return rollouts;
    }

    public void Dispose() => arena.Dispose();

    private IEnumerable<Rollout> SampleBatch(SamplingPrompt[] prompts)
    {
        int promptRows = prompts.Sum(prompt => prompt.Tokens.Length);
        Sequence[] all = CreateSequences(prompts, promptRows);
        using IDecodeCache cache = model.CreateCache(promptRows + (all.Length * options.MaxNewTokens));

        List<Sequence> active = Prefill(prompts, all, cache);
        for (int step = 1; step < options.MaxNewTokens && active.Count > 0; step++)
        {
            Decode(active, cache);
            active = [.. active.Where(sequence => !sequence.IsDone(ends))];
        }

        return all.Select(sequence => new Rollout(
            sequence.Item, sequence.Sample, [.. sequence.Tokens], sequence.LogProb, sequence.IsDone(ends)));
    }

    private Sequence[] CreateSequences(SamplingPrompt[] prompts, int promptRows)
    {
        List<Sequence> all = [];
        int start = 0;
        foreach (SamplingPrompt prompt in prompts)
        {
            if (prompt.Tokens.Length + options.MaxNewTokens > model.MaxPositions)
            {
                throw new ArgumentException(
                    $"Prompt {prompt.Item} has {prompt.Tokens.Length} tokens; with {options.MaxNewTokens} new ones that exceeds the "
                        + "model's "
                    + $"{model.MaxPositions} positions. Shorten the prompts or lower the number of new tokens.");
            }

            for (int sample = 0; sample < options.SamplesPerPrompt; sample++)
            {
                int ownStart = promptRows + (all.Count * options.MaxNewTokens);
                all.Add(new Sequence(prompt.Item, sample, start, prompt.Tokens.Length, ownStart));
            }

            start += prompt.Tokens.Length;
        }

        return [.. all];
    }

    /// <summary>Runs the prompts a forest at a time and draws every sequence's first token.</summary>
    private List<Sequence> Prefill(SamplingPrompt[] prompts, Sequence[] all, IDecodeCache cache)
    {
        int row = 0;
        foreach (Range part in ForestPacker.Pack(prompts, prompt => prompt.Tokens.Length, ResponseScorer.DefaultRowBudget))
        {
            ForestBuilder forest = new();
            foreach (SamplingPrompt prompt in prompts[part])
            {
                forest.ReadLast(forest.AddRoot(prompt.Tokens));
            }

            arena.Reset();
            Tape tape = new(model.Device, arena, recording: false);
            IPlan plan = model.Device.Prepare(forest.Build(), arena);
            Mat cacheRows = model.Device.UploadI32(arena, [.. Enumerable.Range(row, forest.Rows)]);
            Tensor hidden = model.Prefill(tape, plan, cache, cacheRows);
            Draw(all[(part.Start.Value * options.SamplesPerPrompt)..(part.End.Value * options.SamplesPerPrompt)], PerSample(hidden.Value));
            row += forest.Rows;
        }

        return [.. all.Where(sequence => !sequence.IsDone(ends))];
    }

    /// <summary>One row per sample, where a prompt has several.</summary>
    private Mat PerSample(Mat perPrompt)
    {
        if (options.SamplesPerPrompt == 1)
        {
            return perPrompt;
        }

        Mat perSample = arena.Allocate(perPrompt.Rows * options.SamplesPerPrompt, perPrompt.Cols, perPrompt.Type);
        Mat rows = model.Device.UploadI32(arena, [.. Enumerable.Range(0, perSample.Rows).Select(i => i / options.SamplesPerPrompt)]);
        model.Device.Ops.GatherRows(perPrompt, rows, perSample);
        return perSample;
    }

    private void Decode(List<Sequence> active, IDecodeCache cache)
    {
        arena.Reset();
        IDevice device = model.Device;
        Tape tape = new(device, arena, recording: false);
        DecodeRows rows = new(
            device.UploadI32(arena, [.. active.Select(s => s.Tokens[^1])]),
            device.UploadI32(arena, [.. active.Select(s => s.PromptLength + s.Tokens.Count - 1)]),
            device.UploadI32(arena, [.. active.Select(s => s.OwnStart + s.Tokens.Count - 1)]),
            device.UploadI32(
                arena, [.. active.SelectMany(s => (int[])[s.PromptStart, s.PromptLength, s.OwnStart, s.Tokens.Count])], cols: 4));
        Draw(active, model.Decode(tape, rows, cache).Value);
    }

    private void Draw(IReadOnlyList<Sequence> sequences, Mat hidden)
    {
        IDevice device = model.Device;
        Mat streams = device.UploadI32(arena, [.. sequences.SelectMany(s => (int[])[s.Tokens.Count, s.Sample, s.Item])], cols: 3);
        // Tokens and log-probs stand one after the other, so that one read waits for both.
        Mat drawn = arena.Allocate(2, (sequences.Count + 15) / 16 * 16, DType.I32);
        Mat tokens = Column(drawn.RowRange(0, 1), DType.I32);
        Mat logProbs = Column(drawn.RowRange(1, 1), DType.F32);
        device.Ops.Sample(hidden, model.Unembedding.Value, options.Temperature, key, streams, tokens, logProbs);
        int[] values = device.ReadI32(drawn);
        for (int i = 0; i < sequences.Count; i++)
        {
            sequences[i].Tokens.Add(values[i]);
            sequences[i].LogProb += BitConverter.Int32BitsToSingle(values[drawn.Cols + i]);
        }

        Mat Column(Mat row, DType type) =>
            new(row.Mem with { Bytes = (long)sequences.Count * type.Size() }, sequences.Count, 1, 1, type);
    }

    private sealed record Sequence(int Item, int Sample, int PromptStart, int PromptLength, int OwnStart)
    {
        public List<int> Tokens { get; } = [];

        public double LogProb { get; set; }

        public bool IsDone(int[] ends) => Tokens.Count > 0 && ends.Contains(Tokens[^1]);
    }
}
