using Goodhart.Engine;
using Goodhart.Engine.Optimizers;
using Goodhart.Models;

namespace Goodhart.Alignment.Training;

/// <summary>
/// One optimizer update from any number of micro-batches. Every gradient accumulates in the batch's row order, so how a batch is cut
/// changes memory and speed and no bit of the result.
/// </summary>
public sealed class Updater : IDisposable
{
    private readonly LanguageModel model;
    private readonly TrainingOptions options;
    private readonly IArena arena;
    private readonly IArena? recomputing;
    private readonly ModelOutput output;

    /// <param name="output">What the model gives and the batch's upstream derivative is of; null: log-probs of the plan's targets.</param>
    /// <param name="memory">Null: the usual.</param>
    public Updater(LanguageModel model, TrainingOptions options, ModelOutput? output = null, TrainingMemory? memory = null)
    {
        memory ??= TrainingMemory.Usual;
        this.model = model;
        this.output = output ?? ModelOutputs.LogProbs;
        this.options = options;
        arena = model.Device.CreateArena("activations", 1 << 20);
        recomputing = memory.ActivationCheckpointing ? model.Device.CreateArena("recomputed layer", 1 << 20) : null;
        State = new OptimizerState(model.Device, options.Optimizer, model.TrainedParameters, memory.OffloadsOptimizer);
    }

    public OptimizerState State { get; }

    /// <param name="rows">Ids of the batch's examples, for the error message.</param>
    /// <exception cref="NonFiniteException">The gradient is not finite; the parameters are unchanged.</exception>
    public UpdateReport Update(IEnumerable<MicroBatch> batch, int totalSteps, IReadOnlyList<int> rows)
    {
        int step = State.Steps;
        model.ZeroGradients();
        foreach (MicroBatch part in batch)
        {
            Accumulate(part);
        }

        model.CompleteGradients();
        IDevice device = model.Device;
        Mat gradients = model.TrainedParameters.Gradients;
        arena.Reset();
        Mat sumSquares = arena.Allocate(1, 1, DType.F64);
        device.Ops.SumSquares(gradients, sumSquares);
        double norm = Math.Sqrt(device.ReadF64(sumSquares)[0]);
        if (!double.IsFinite(norm))
        {
            throw new NonFiniteException("the gradient norm", step, rows);
        }

        device.Ops.ScaleToNorm(gradients, sumSquares, options.ClipNorm);
        double learningRate = options.LearningRate.At(step, totalSteps);
        State.Step(model.TrainedParameters, learningRate);
        return new UpdateReport(learningRate, norm);
    }

    public void Dispose()
    {
        State.Dispose();
        arena.Dispose();
        recomputing?.Dispose();
    }

    private void Accumulate(MicroBatch part)
    {
        arena.Reset();
        Tape tape = new(model.Device, arena, recording: true, recomputing);
        IPlan plan = model.Device.Prepare(part.Plan, arena);
        Tensor values = output(model, tape, plan);
        tape.Seed(values, part.Upstream(model.Device.ReadF32(values.Value)));
        tape.Backward();
    }
}
