namespace Goodhart.Pipeline;

/// <summary>The steps of a graph by their folders' names: who runs them one by one asks for no plan of the whole.</summary>
internal sealed class StepIndex
{
    private readonly Dictionary<string, Step> byFolder = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<Step> targets;

    /// <param name="targets">The graph is what stands behind them.</param>
    public StepIndex(IReadOnlyList<Step> targets, KeyRing keys)
    {
        this.targets = targets;
        Stack<Step> open = new(targets);
        while (open.TryPop(out Step? step))
        {
            StepIdentity identity = keys.Of(step);
            if (byFolder.TryAdd(identity.Folder, step))
            {
                foreach (Step input in identity.Inputs)
                {
                    open.Push(input);
                }
            }
        }
    }

    /// <summary>Whether it is of these very targets.</summary>
    public bool IsOf(IReadOnlyList<Step> others) => ReferenceEquals(targets, others);

    /// <summary>Null: there is no such step.</summary>
    public Step? Find(string folder) => byFolder.GetValueOrDefault(folder);
}
