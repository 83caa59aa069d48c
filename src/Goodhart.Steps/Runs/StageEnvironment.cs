using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Pipeline;
using Goodhart.Steps.Planning;

namespace Goodhart.Steps.Runs;

/// <summary>Where and on what a stage runs. Nothing here changes a result but the device's kernels.</summary>
public sealed record StageEnvironment
{
    /// <summary>The run's folder; see <see cref="StudyDirectory"/>.</summary>
    public required string Directory { get; init; }

    /// <summary>Compute threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Makes a device with so many threads.</summary>
    public required Func<int, IDevice> CreateDevice { get; init; }

    /// <summary>Of the program, for run.json.</summary>
    public required string Version { get; init; }

    /// <summary>What the user typed, for the model's card; null: unknown.</summary>
    public string? Command { get; init; }

    public IRunObserver? Observer { get; init; }

    /// <summary>Told what a user should know of a model that is opened, a line each; null: nobody is.</summary>
    public required Action<string>? Note { get; init; }

    /// <summary>Token rows that are computed at once: memory and speed, never the result.</summary>
    public int RowBudget { get; init; } = Models.Scoring.ResponseScorer.DefaultRowBudget;

    /// <summary>What training spends to take less memory.</summary>
    public TrainingMemory Memory { get; init; } = TrainingMemory.Usual;

    /// <inheritdoc cref="ModelInput.Open"/>
    public ModelInput Open(string path) => ModelInput.Open(path, Note);

    /// <summary>What the user says about memory, with the adapter that is trained.</summary>
    internal MemoryChoice Choice(TrainedPart part, DeviceMemory device) => new(RowBudget, Memory, part.Adapter, device);

    internal void Tell(TrainedPart part, ModelInput model)
    {
        if (part.Line(model.Config) is { } line)
        {
            Note?.Invoke(line);
        }
    }
}
