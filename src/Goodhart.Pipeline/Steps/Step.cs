namespace Goodhart.Pipeline;

/// <summary>One piece of a study: a record whose properties say what is computed, and from what.</summary>
/// <remarks>
/// A step is a pure function of its key. Every property enters the key unless it is marked <see cref="NotInKeyAttribute"/>; a property that
/// is a step, or holds steps, is an input. Never keep derived state in a step: <c>with</c> would copy it. Compare steps by key, not with
/// <c>==</c>: record equality walks a whole graph, shared parts again and again.
/// </remarks>
public abstract record Step
{
    private protected Step()
    {
    }

    /// <summary>First part of the folder name: lower-case words joined by hyphens. Default: the type's name.</summary>
    [NotInKey]
    public virtual string Name => StepName.FromType(GetType());

    /// <summary>What tables and messages call this step, e.g. "dpo β=0.1 M 40 %". Changes nothing.</summary>
    [NotInKey]
    public virtual string Label => Name;

    /// <summary>Raised by hand, with a comment, when the meaning of the result changes; old results then stay valid for old code.</summary>
    [NotInKey]
    protected internal virtual int Version => 1;

    /// <summary>True where the result depends on the engine's kernels: then the environment's numerics version enters the key.</summary>
    [NotInKey]
    protected internal virtual bool DependsOnNumerics => true;

    /// <summary>Expected work, in a unit that all steps share (studies: FLOPs). Orders the schedule, changes no result.</summary>
    [NotInKey]
    public virtual double EstimatedCost => 1;

    /// <summary>Expected size of the artifact, bytes.</summary>
    [NotInKey]
    public virtual long EstimatedBytes => 0;

    /// <summary>What the step is about, by name, for whoever watches a run: model, loss, β of a checkpoint. Null: nothing to find it
    /// by.</summary>
    [NotInKey]
    public virtual IReadOnlyDictionary<string, string>? About => null;

    /// <summary>Files (or folders) of the artifact that are deleted once every step of the plan that needs them is stored.</summary>
    /// <remarks>A file that no step of the plan needs is kept: the optimizer state of a run's last segment, for one.</remarks>
    [NotInKey]
    public virtual IReadOnlyList<string> DisposableFiles => [];

    /// <summary>The disposable files of its inputs that this step reads. A deleted one is made again before this step runs.</summary>
    [NotInKey]
    public virtual IReadOnlyList<FileNeed> Needs => [];

    /// <summary>The steps that this step's properties hold, each once, in the order of the canonical JSON.</summary>
    public IReadOnlyList<Step> Inputs => new KeyRing(numericsVersion: "").Of(this).Inputs;

    /// <summary>
    /// 16 hexadecimal digits that two steps share exactly when they describe the same computation. Folders are named by
    /// <see cref="Runner.KeyOf"/>, which also knows the numerics version.
    /// </summary>
    public string Key => new KeyRing(numericsVersion: "").Of(this).Key;

    /// <summary>The label only; the synthesized form would print the whole graph.</summary>
    public sealed override string ToString() => Label;

    /// <summary>Runs the step; returns its result as the JSON that is stored.</summary>
    internal abstract Task<byte[]> ExecuteAsync(StepContext context, CancellationToken cancel);
}

/// <summary>A step whose result is a <typeparamref name="T"/>: a JSON-serialisable value, plus any files written beside it.</summary>
/// <typeparam name="T">Read back by <see cref="StepContext.Get"/>; shared between its readers, so treated as read-only.</typeparam>
public abstract record Step<T> : Step
{
    /// <summary>Computes the result, on a thread of its own, so it may block.</summary>
    /// <remarks>Files go into <see cref="StepContext.OutputDirectory"/>. Overridden as <c>protected override</c>.</remarks>
    protected internal abstract Task<T> RunAsync(StepContext context, CancellationToken cancel);

    internal sealed override async Task<byte[]> ExecuteAsync(StepContext context, CancellationToken cancel) =>
        ResultJson.Write(await RunAsync(context, cancel).ConfigureAwait(false));
}
