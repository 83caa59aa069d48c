using Goodhart.Engine;
using Goodhart.Engine.Randomness;
using Goodhart.Models.Scoring;

namespace Goodhart.Models.Sampling;

/// <summary>
/// Draws responses with a key-value cache, many at a time; samples of one prompt share its keys and values. Responses that have ended
/// make room for prompts that wait. Every (prompt, sample) has its own noise, so neither who is decoded together nor the order of
/// prompts changes a token.
/// </summary>
public sealed class Sampler(LanguageModel model, SamplingOptions options) : IDisposable
{
    /// <summary>Prompts enter when this part of the places is free: a few prompts together are run faster than one by one.</summary>
    private const int EntryShare = 8;

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
        cancel.ThrowIfCancellationRequested();
        foreach (SamplingPrompt prompt in prompts)
        {
            RequireRoom(prompt);
        }

        int rows = prompts.Chunk(options.PromptsPerBatch).Select(batch => batch.Sum(RowsOf)).DefaultIfEmpty().Max();
        if (rows == 0)
        {
            return [];
        }

        using IArena layouts = model.Device.CreateArena("packed weights", 1);
        using IDisposable held = model.Hold(layouts);
        using IDecodeCache cache = model.CreateCache(rows);
        return [.. Run(prompts, cache, new CacheRoom(rows), cancel).SelectMany(prompt => prompt.Sequences).Select(s => s.ToRollout())];
    }

    public void Dispose() => arena.Dispose();

    private List<SampledPrompt> Run(
        IReadOnlyList<SamplingPrompt> prompts, IDecodeCache cache, CacheRoom room, CancellationToken cancel)
    {
        List<SampledPrompt> entered = [];
        List<SampledPrompt> present = [];
        while (entered.Count < prompts.Count || present.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            int places = options.PromptsPerBatch - present.Count;
            List<SampledPrompt> entering = present.Count == 0 || places >= Math.Max(1, options.PromptsPerBatch / EntryShare)
                ? Enter(prompts.Skip(entered.Count).Take(places), room)
                : [];
            if (entering.Count > 0)
            {
                Prefill(entering, cache);
                entered.AddRange(entering);
                present.AddRange(entering);
            }
            else
            {
                Decode([.. present.SelectMany(prompt => prompt.Sequences).Where(sequence => !sequence.HasLeft)], cache);
            }

            foreach (SampledPrompt gone in present.Where(HasLeft))
            {
                room.GiveBack(gone.Start, gone.Rows);
            }

            present.RemoveAll(HasLeft);
        }

        return entered;

        static bool HasLeft(SampledPrompt prompt) => prompt.Sequences.All(sequence => sequence.HasLeft);
    }

    /// <summary>Those of the waiting prompts, from the first on, for which there is room.</summary>
    private List<SampledPrompt> Enter(IEnumerable<SamplingPrompt> waiting, CacheRoom room)
    {
        List<SampledPrompt> entering = [];
        foreach (SamplingPrompt prompt in waiting)
        {
            int start = room.Take(RowsOf(prompt));
            if (start < 0)
            {
                break;
            }

            entering.Add(new SampledPrompt(prompt, options.SamplesPerPrompt, options.MaxNewTokens, start));
        }

        return entering;
    }

    private int RowsOf(SamplingPrompt prompt) => SampledPrompt.RowsOf(prompt, options.SamplesPerPrompt, options.MaxNewTokens);

    private void RequireRoom(SamplingPrompt prompt)
    {
        if (prompt.Tokens.Length + options.MaxNewTokens > model.MaxPositions)
        {
            throw new ArgumentException(
                $"Prompt {prompt.Item} has {prompt.Tokens.Length} tokens; with {options.MaxNewTokens} new ones that exceeds the model's "
                + $"{model.MaxPositions} positions. Shorten the prompts or lower the number of new tokens.");
        }
    }

    /// <summary>Runs the prompts a forest at a time and draws every sequence's first token.</summary>
    private void Prefill(List<SampledPrompt> prompts, IDecodeCache cache)
    {
        foreach (Range part in ForestPacker.Pack(prompts, prompt => prompt.Tokens.Length, ResponseScorer.DefaultRowBudget))
        {
            List<SampledPrompt> together = prompts[part];
            ForestBuilder forest = new();
            foreach (SampledPrompt prompt in together)
            {
                forest.ReadLast(forest.AddRoot(prompt.Tokens));
            }

            arena.Reset();
            Tape tape = new(model.Device, arena, recording: false);
            IPlan plan = model.Device.Prepare(forest.Build(), arena);
            Mat cacheRows = model.Device.UploadI32(
                arena, [.. together.SelectMany(prompt => Enumerable.Range(prompt.Start, prompt.Tokens.Length))]);
            Tensor hidden = model.Prefill(tape, plan, cache, cacheRows);
            Draw([.. together.SelectMany(prompt => prompt.Sequences)], PerSample(hidden.Value));
        }
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

    private void Decode(SampledSequence[] sequences, IDecodeCache cache)
    {
        arena.Reset();
        IDevice device = model.Device;
        Tape tape = new(device, arena, recording: false);
        DecodeRows rows = new(
            device.UploadI32(arena, [.. sequences.Select(s => s.Tokens[^1])]),
            device.UploadI32(arena, [.. sequences.Select(s => s.Prompt.Tokens.Length + s.Tokens.Count - 1)]),
            device.UploadI32(arena, [.. sequences.Select(s => s.OwnStart + s.Tokens.Count - 1)]),
            device.UploadI32(
                arena,
                [.. sequences.SelectMany(s => (int[])[s.Prompt.Start, s.Prompt.Tokens.Length, s.OwnStart, s.Tokens.Count])],
                cols: 4));
        Draw(sequences, model.Decode(tape, rows, cache).Value);
    }

    private void Draw(SampledSequence[] sequences, Mat hidden)
    {
        IDevice device = model.Device;
        Mat streams = device.UploadI32(arena, [.. sequences.SelectMany(s => (int[])[s.Tokens.Count, s.Sample, s.Item])], cols: 3);
        // Tokens and log-probs stand one after the other, so that one read waits for both.
        Mat drawn = arena.Allocate(2, (sequences.Length + 15) / 16 * 16, DType.I32);
        Mat tokens = Column(drawn.RowRange(0, 1), DType.I32);
        Mat logProbs = Column(drawn.RowRange(1, 1), DType.F32);
        device.Ops.Sample(hidden, model.Unembedding.Value, options.Temperature, key, streams, tokens, logProbs);
        int[] values = device.ReadI32(drawn);
        for (int i = 0; i < sequences.Length; i++)
        {
            sequences[i].Add(values[i], BitConverter.Int32BitsToSingle(values[drawn.Cols + i]), ends, options.MaxNewTokens);
        }

        Mat Column(Mat row, DType type) =>
            new(row.Mem with { Bytes = (long)sequences.Length * type.Size() }, sequences.Length, 1, 1, type);
    }
}
