namespace Goodhart.Pipeline;

/// <summary>Walks the graph behind some targets and decides which steps must run.</summary>
internal sealed class Planner(KeyRing keys, ArtifactStore store)
{
    private readonly Dictionary<string, PlannedStep> byHash = [];
    private readonly List<PlannedStep> order = [];

    public static Plan Plan(IEnumerable<Step> targets, KeyRing keys, ArtifactStore store)
    {
        Planner planner = new(keys, store);
        PlannedStep[] ends = [.. targets.Select(planner.Visit)];
        Array.ForEach(ends, planner.Require);
        planner.MeasurePaths();
        return new(planner.order);
    }

    /// <summary>What a run of one step would do: of the rest of the graph only its inputs are looked at.</summary>
    /// <remarks>A stored step counts as cached, also where files of it have been deleted.</remarks>
    public static PlannedStep PlanAlone(Step step, KeyRing keys, ArtifactStore store)
    {
        StepIdentity identity = keys.Of(step);
        PlannedStep[] inputs =
        [
            .. identity.Inputs.DistinctBy(input => keys.Of(input).Hash)
                .Select(input => new PlannedStep(input, keys.Of(input), [], [], store.Find(keys.Of(input)))),
        ];
        Planner planner = new(keys, store);
        PlannedStep planned = new(
            step, identity, inputs, [.. step.Needs.Select(need => planner.Resolve(step, inputs, need))], store.Find(identity));
        if (planned.Record is null)
        {
            planned.State = StepState.ToRun;
            foreach (PlannedNeed need in planned.Needs.Where(need => need.Producer.Record is not null && IsPruned(planned, need)))
            {
                need.Producer.State = StepState.ToRestore;
            }
        }

        return planned;
    }

    private PlannedStep Visit(Step step)
    {
        StepIdentity identity = keys.Of(step);
        if (!byHash.TryGetValue(identity.Hash, out PlannedStep? planned))
        {
            PlannedStep[] inputs = [.. identity.Inputs.Select(Visit)];
            planned = new(step, identity, inputs, [.. step.Needs.Select(need => Resolve(step, inputs, need))], store.Find(identity));
            byHash.Add(identity.Hash, planned);
            order.Add(planned);
        }

        return planned;
    }

    /// <summary>A stored step needs nothing; another one runs, and needs its inputs.</summary>
    private void Require(PlannedStep planned)
    {
        if (planned.State == StepState.NotNeeded)
        {
            MustRun(planned, StepState.ToRun);
        }
    }

    private void MustRun(PlannedStep planned, StepState state)
    {
        planned.State = state;
        foreach (PlannedStep input in planned.Inputs)
        {
            Require(input);
        }

        foreach (PlannedNeed need in planned.Needs)
        {
            if (need.Producer.State == StepState.Cached && IsPruned(planned, need))
            {
                MustRun(need.Producer, StepState.ToRestore);
            }
        }
    }

    private PlannedNeed Resolve(Step consumer, PlannedStep[] inputs, FileNeed need)
    {
        string hash = keys.Of(need.Producer).Hash;
        PlannedStep? producer = Array.Find(inputs, input => input.Identity.Hash == hash);
        return producer is not null
            ? new(producer, need.File)
            : throw new InvalidOperationException(
                $"{consumer.Name} needs {need.File} of {need.Producer.Name}, which is none of its inputs.");
    }

    private static bool IsPruned(PlannedStep consumer, PlannedNeed need)
    {
        StepRecord record = need.Producer.Record!;
        StoredFile[] files = [.. record.Files.Where(stored => FileNeed.Covers(need.File, stored.Name))];
        return files.Length > 0
            ? files.Any(stored => record.Pruned.Contains(stored.Name))
            : throw new InvalidOperationException(
                $"{consumer.Name} needs {need.File} of {need.Producer.Identity.Folder}, which wrote no such file. " +
                "Raise the producer's Version if it writes the file by now.");
    }

    private void MeasurePaths()
    {
        foreach (PlannedStep planned in Enumerable.Reverse(order).Where(step => step.Runs))
        {
            planned.RemainingPath += planned.Step.EstimatedCost;   // so far it held the longest path of what depends on it
            foreach (PlannedStep input in planned.Inputs)
            {
                input.RemainingPath = Math.Max(input.RemainingPath, planned.RemainingPath);
            }
        }
    }
}
