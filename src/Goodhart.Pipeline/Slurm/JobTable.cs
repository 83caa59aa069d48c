namespace Goodhart.Pipeline.Slurm;

/// <summary>Groups steps into few arrays: steps of one kind and depth whose needs have one shape.</summary>
/// <remarks>
/// Where every member needs exactly one step of another array, and no two the same, a member has the index of what it needs, and Slurm's
/// <c>aftercorr</c> lets it start as soon as that one is done: segment 2 of run 7 waits for segment 1 of run 7. What all members need is
/// waited for with <c>afterok</c>. Where needs are shared otherwise (the runs of each model need that model's SFT), the group is cut until
/// one of the two holds.
/// </remarks>
internal sealed class JobTable
{
    private readonly string prefix;
    private readonly Dictionary<string, (JobArray Array, JobMember Member)> places = [];
    private readonly List<JobArray> arrays = [];

    private JobTable(string prefix, IEnumerable<JobArray> live)
    {
        this.prefix = prefix;
        foreach (JobArray array in live)
        {
            foreach (JobMember member in array.Members)
            {
                places.TryAdd(member.Task.Id, (array, member));   // of two jobs at one step, whichever: done twice is done once
            }
        }
    }

    /// <summary>The arrays to submit, each after those that it waits for.</summary>
    /// <param name="prefix">Of the jobs' names.</param>
    /// <param name="tasks">The steps to submit, each after its needs. A need that is neither among them nor living is done.</param>
    /// <param name="live">What is in the queue already, with its living members.</param>
    public static IReadOnlyList<JobArray> Of(string prefix, IReadOnlyList<StepTask> tasks, IEnumerable<JobArray> live)
    {
        JobTable table = new(prefix, live);
        foreach (IGrouping<(int Depth, string Kind), StepTask> group in Depths(tasks)
            .GroupBy(deep => (deep.Depth, JobArray.KindOf(deep.Task)), deep => deep.Task).OrderBy(group => group.Key.Depth))
        {
            table.Add([.. group]);
        }

        return table.arrays;
    }

    /// <summary>Steps that wait for one another are never of one depth.</summary>
    private static IEnumerable<(int Depth, StepTask Task)> Depths(IReadOnlyList<StepTask> tasks)
    {
        Dictionary<string, int> depths = [];
        foreach (StepTask task in tasks)
        {
            depths.Add(task.Id, task.Needs.Select(need => depths.GetValueOrDefault(need, -1)).DefaultIfEmpty(-1).Max() + 1);
            yield return (depths[task.Id], task);
        }
    }

    private void Add(StepTask[] group)
    {
        foreach (StepTask[] part in group.GroupBy(task => string.Join(' ', ArraysNeeded(task).Select(array => array.Name))).Select(
            part => part.ToArray()))
        {
            Divide(part);
        }
    }

    /// <param name="part">Steps that need members of the same arrays.</param>
    private void Divide(StepTask[] part)
    {
        List<JobArray> corresponding = [];
        List<JobWait> waits = [];
        foreach (JobArray array in ArraysNeeded(part[0]))
        {
            IGrouping<string, StepTask>[] byNeed =
                [.. part.GroupBy(task => string.Join(' ', MembersNeeded(task, array).Select(member => member.Index)))];
            if (byNeed.Length == 1)
            {
                waits.Add(new JobWait(array, MembersNeeded(part[0], array)));
            }
            else if (byNeed.Length == part.Length && part.All(task => MembersNeeded(task, array).Length == 1) && array.IsArray)
            {
                corresponding.Add(array);
            }
            else
            {
                Array.ForEach(byNeed, some => Divide([.. some]));
                return;
            }
        }

        Close(part, corresponding, waits);
    }

    private void Close(StepTask[] part, List<JobArray> corresponding, List<JobWait> waits)
    {
        if (corresponding.Count == 0)
        {
            foreach (StepTask[] some in part.Chunk(JobArray.MostMembers))
            {
                Submit([.. some.Select((task, i) => new JobMember(i, task))], waits);
            }

            return;
        }

        JobMember[] members =
            [.. part.Select(task => new JobMember(MembersNeeded(task, corresponding[0])[0].Index, task)).OrderBy(member => member.Index)];
        if (members.All(member => corresponding.All(array => MembersNeeded(member.Task, array)[0].Index == member.Index)))
        {
            Submit(members, [.. waits, .. corresponding.Select(array => new JobWait(array, null))]);
            return;
        }

        // Indices of what is left of several earlier calls need not agree: then each step is a job that names what it waits for.
        foreach (StepTask task in part)
        {
            Submit([new JobMember(0, task)], [.. ArraysNeeded(task).Select(array => new JobWait(array, MembersNeeded(task, array)))]);
        }
    }

    private void Submit(JobMember[] members, IReadOnlyList<JobWait> waits)
    {
        JobArray array = JobArray.Of(prefix, members, isArray: members.Length > 1, waits);
        arrays.Add(array);
        foreach (JobMember member in members)
        {
            places.Add(member.Task.Id, (array, member));
        }
    }

    private IEnumerable<JobArray> ArraysNeeded(StepTask task) => task.Needs.Where(places.ContainsKey)
        .Select(need => places[need].Array).Distinct(ReferenceEqualityComparer.Instance).Cast<JobArray>()
        .OrderBy(array => array.Name, StringComparer.Ordinal);

    private JobMember[] MembersNeeded(StepTask task, JobArray array) =>
    [
        .. task.Needs.Where(places.ContainsKey).Select(need => places[need])
            .Where(place => ReferenceEquals(place.Array, array)).Select(place => place.Member).OrderBy(member => member.Index),
    ];
}
