using Goodhart.Engine;
using Goodhart.Engine.Ops;
using Goodhart.Models;

namespace Goodhart.Studies.Verification;

/// <summary>Log-probs without anything shared: each sequence by itself, from its first token to its last.</summary>
internal static class WholeSequences
{
    /// <returns>log π of every token but the first, in nats.</returns>
    public static float[] LogProbs(LanguageModel model, ReadOnlySpan<int> tokens)
    {
        ForestBuilder forest = new();
        forest.AddOwnTargets(forest.AddRoot(tokens));
        using IArena arena = model.Device.CreateArena("verification", 1 << 20);
        Tape tape = new(model.Device, arena, recording: false);
        IPlan plan = model.Device.Prepare(forest.Build(), arena);
        return model.Device.ReadF32(tape.HeadLogProb(plan, model.Hidden(tape, plan), model.Unembedding).Value);
    }

    /// <summary>Those of the response only.</summary>
    public static float[] OfResponse(LanguageModel model, int[] prompt, int[] response) =>
        LogProbs(model, [.. prompt, .. response])[(prompt.Length - 1)..];
}
