namespace Goodhart.Pipeline;

/// <summary>Deletes disposable files as soon as every step of the plan that needs them is stored.</summary>
internal sealed class Disposal
{
    private readonly Lock gate = new();
    private readonly ArtifactStore store;
    private readonly Dictionary<(PlannedStep Producer, string File), HashSet<PlannedStep>> waiting = [];

    public Disposal(Plan plan, ArtifactStore store)
    {
        this.store = store;
        foreach (PlannedStep consumer in plan.Steps)
        {
            // A file that no reader of its producer needs goes at once; what a run was asked for itself keeps all its files.
            foreach (PlannedStep producer in consumer.Inputs)
            {
                foreach (string file in producer.Step.DisposableFiles)
                {
                    Consumers(producer, file);
                }
            }

            foreach (PlannedNeed need in consumer.Needs)
            {
                foreach (string file in need.Producer.Step.DisposableFiles.Where(file => Overlap(file, need.File)))
                {
                    Add(need.Producer, file, consumer);
                }
            }
        }
    }

    /// <summary>Deletes what an earlier run would have deleted, had it not been killed after storing the last consumer.</summary>
    public void Start() => Delete(entry => entry.Key.Producer.State == StepState.Cached);

    public void Finished(PlannedStep step) => Delete(entry => entry.Value.Remove(step) || entry.Key.Producer == step);

    private static bool Overlap(string a, string b) => FileNeed.Covers(a, b) || FileNeed.Covers(b, a);

    private void Add(PlannedStep producer, string file, PlannedStep consumer)
    {
        if (consumer.Runs)
        {
            Consumers(producer, file).Add(consumer);
        }
    }

    private HashSet<PlannedStep> Consumers(PlannedStep producer, string file)
    {
        if (!waiting.TryGetValue((producer, file), out HashSet<PlannedStep>? consumers))
        {
            waiting.Add((producer, file), consumers = []);
        }

        return consumers;
    }

    private void Delete(Func<KeyValuePair<(PlannedStep Producer, string File), HashSet<PlannedStep>>, bool> concerned)
    {
        lock (gate)
        {
            foreach (((PlannedStep producer, string file), _) in waiting.Where(entry => concerned(entry) && entry.Value.Count == 0))
            {
                store.Prune(producer.Identity, file);
            }
        }
    }
}
