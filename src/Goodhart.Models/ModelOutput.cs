using Goodhart.Engine;
using Goodhart.Engine.Ops;

namespace Goodhart.Models;

/// <summary>What a model says of a forest: one number per target or per head row, [n, 1].</summary>
public delegate Tensor ModelOutput(LanguageModel model, Tape tape, IPlan plan);

/// <summary>The outputs that models are trained on.</summary>
public static class ModelOutputs
{
    /// <summary>log π of each target of the plan, nats.</summary>
    public static Tensor LogProbs(LanguageModel model, Tape tape, IPlan plan) =>
        tape.HeadLogProb(plan, model.Hidden(tape, plan), model.Unembedding);

    /// <summary>The one-label head's score of each head row of the plan.</summary>
    public static Tensor Scores(LanguageModel model, Tape tape, IPlan plan) =>
        tape.Linear(model.Hidden(tape, plan), model.Unembedding, bias: null, type: DType.F32);
}
