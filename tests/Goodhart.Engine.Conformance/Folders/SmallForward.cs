using Goodhart.Models;

namespace Goodhart.Engine.Conformance.Folders;

/// <summary>Logits of a short sequence, by one pass and by decoding.</summary>
public static class SmallForward
{
    /// <returns>[tokens, vocabulary], row-major.</returns>
    public static float[] Logits(IDevice device, LanguageModel model, int[] ids)
    {
        ForestBuilder forest = new();
        int root = forest.AddRoot(ids);
        forest.AddOwnTargets(root);
        forest.ReadLast(root);
        using IArena arena = device.CreateArena("test", 1 << 20);
        Tape tape = new(device, arena, recording: false);
        Tensor hidden = model.Hidden(tape, device.Prepare(forest.Build(), arena));
        Mat logits = arena.Allocate(ids.Length, model.VocabularySize);
        device.Ops.HeadLogits(hidden.Value, model.Unembedding.Value, logits);
        return device.ReadF32(logits);
    }

    /// <summary>The first token as the prompt, the others one by one.</summary>
    public static float[] LastLogitsByDecoding(IDevice device, LanguageModel model, int[] ids)
    {
        using IDecodeCache cache = model.CreateCache(ids.Length);
        using IArena arena = device.CreateArena("test", 1 << 20);
        ForestBuilder forest = new();
        forest.ReadLast(forest.AddRoot([ids[0]]));
        Tensor hidden = model.Prefill(
            new Tape(device, arena, recording: false), device.Prepare(forest.Build(), arena), cache, device.UploadI32(arena, [0]));
        for (int position = 1; position < ids.Length; position++)
        {
            hidden = model.Decode(
                new Tape(device, arena, recording: false),
                new DecodeRows(
                    device.UploadI32(arena, [ids[position]]),
                    device.UploadI32(arena, [position]),
                    device.UploadI32(arena, [position]),
                    device.UploadI32(arena, [0, 1, 1, position], cols: 4)),
                cache);
        }

        Mat logits = arena.Allocate(1, model.VocabularySize);
        device.Ops.HeadLogits(hidden.Value, model.Unembedding.Value, logits);
        return device.ReadF32(logits);
    }
}
