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
    public IReadOnlyList<Rollout> Sample(IReadOnlyList<SamplingPrompt> prompts, CancellationToken cancel = default) =>
        [.. Stream(prompts, cancel).SelectMany(own => own)];

    /// <summary>Each prompt's samples, in the order of the prompts, as soon as they and all before them have ended.</summary>
    /// <remarks>The model's weights are held packed from the first item to the last: whoever trains the model, or asks it for a second
    /// stream, does so before or after.</remarks>
    /// <exception cref="ArgumentException">A prompt is empty, or leaves no room for a response.</exception>
    public IEnumerable<Rollout[]> Stream(IReadOnlyList<SamplingPrompt> prompts, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        foreach (SamplingPrompt prompt in prompts)
        {
            RequireRoom(prompt);
        }

        if (prompts.Count == 0)
        {
            yield break;
        }

        (int rows, int places) = Room(prompts);
        using IArena layouts = model.Device.CreateArena("packed weights", 1);
        using IDisposable held = model.Hold(layouts);
        using IDecodeCache cache = model.CreateCache(rows);
        foreach (SampledPrompt prompt in Run(prompts, cache, new CacheRoom(rows), places, cancel))
        {
            yield return [.. prompt.Sequences.Select(sequence => sequence.ToRollout())];
        }
    }

    public void Dispose() => arena.Dispose();

    /// <summary>Rows of the cache, and how many prompts are usually there together.</summary>
    private (int Rows, int Places) Room(IReadOnlyList<SamplingPrompt> prompts)
    {
        int asked = prompts.Chunk(options.PromptsPerBatch).Max(batch => batch.Sum(RowsOf));
        int rows = Math.Max(Math.Min(asked, options.CacheRows ?? asked), prompts.Max(RowsOf));
        return rows == asked
            ? (rows, options.PromptsPerBatch)
            : (rows, (int)Math.Clamp(rows / prompts.Average(RowsOf), 1, options.PromptsPerBatch));
    }

    /// <summary>In the order of the prompts, those that have left and are after none that has not.</summary>
    /// <param name="usual">Prompts that there is room for.</param>
    private IEnumerable<SampledPrompt> Run(
        IReadOnlyList<SamplingPrompt> prompts, IDecodeCache cache, CacheRoom room, int usual, CancellationToken cancel)
    {
        int entered = 0;
        Queue<SampledPrompt> kept = [];
        List<SampledPrompt> present = [];
        while (entered < prompts.Count || present.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            List<SampledPrompt> entering = present.Count == 0 || usual - present.Count >= Math.Max(1, usual / EntryShare)
                ? Enter(prompts.Skip(entered).Take(options.PromptsPerBatch - present.Count), room)
                : [];
            if (entering.Count > 0)
            {
                Prefill(entering, cache);
                entered += entering.Count;
                entering.ForEach(kept.Enqueue);
                present.AddRange(entering);
            }
            else
            {
                Decode([.. present.SelectMany(prompt => prompt.Sequences).Where(sequence => !sequence.HasLeft)], cache);
            }

            foreach (SampledPrompt gone in present.Where(prompt => prompt.HasLeft))
            {
                room.GiveBack(gone.Start, gone.Rows);
            }

            present.RemoveAll(prompt => prompt.HasLeft);
            while (kept.TryPeek(out SampledPrompt? first) && first.HasLeft)
            {
                yield return kept.Dequeue();
            }
        }
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
