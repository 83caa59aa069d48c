using Goodhart.Engine;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;

namespace Goodhart.Steps.Lines;

/// <summary>A step that writes JSON lines, so many for each item it is given. Interrupted, it goes on after the last whole item.</summary>
public abstract record LineStep<T> : Step<T>
{
    [NotInKey]
    public IToolProgress? Progress { get; init; }

    [NotInKey]
    protected virtual int LinesPerItem => 1;

    /// <summary>Looks at what can be seen to be wrong before anything is written.</summary>
    /// <exception cref="InvalidDataException">It cannot be used.</exception>
    public abstract void Check();

    /// <summary>The step's work, with lines that may go anywhere.</summary>
    /// <param name="device">Made when it is first asked for; stays the caller's.</param>
    /// <param name="lines">Those that are there already are not made again.</param>
    /// <exception cref="InvalidDataException">A bad row, or models that cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Between items; what is written stays.</exception>
    public abstract T Run(Func<IDevice> device, ILines lines, CancellationToken cancel);

    protected override Task<T> RunAsync(StepContext context, CancellationToken cancel) =>
        Task.FromResult(Run(() => context.Service<IDevice>(), context.Lines(JsonLines.FileName, LinesPerItem), cancel));

    private protected LoadedModel Open(Func<IDevice> device, ExternalInput folder)
    {
        LoadedModel model = LoadedModel.Open(device(), folder.Path, Progress?.Note);
        Progress?.Loaded(model);
        return model;
    }

    private protected void Report(int done, int total) => Progress?.Report(new WorkDone(done, total));
}
