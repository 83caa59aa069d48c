using System.Text.Json.Nodes;

namespace Goodhart.Pipeline;

/// <summary>Brings steps and their artifacts together: computes what is missing, reads what is there.</summary>
public sealed class Runner
{
    private readonly RunnerOptions options;
    private readonly KeyRing keys;
    private readonly ArtifactStore store;
    private readonly ResultCache results;
    private StepIndex? index;
    private int executed;

    public Runner(string directory)
        : this(new RunnerOptions { Directory = directory })
    {
    }

    public Runner(RunnerOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        this.options = options with { Directory = Path.GetFullPath(options.Directory) };
        keys = new(options.NumericsVersion);
        store = new(this.options.Directory);
        results = new(options.CacheBytes);
    }

    /// <summary>Steps executed since this runner was made, re-runs for deleted files included.</summary>
    public int Executed => executed;

    internal StepServices Services => options.Services;

    /// <summary>What <see cref="RunAsync(IReadOnlyList{Step}, CancellationToken)"/> would do now. Runs and writes nothing.</summary>
    public Plan Plan(params IReadOnlyList<Step> targets) => Planner.Plan(targets, keys, store);

    /// <summary>Makes sure that the target is stored, and returns its result.</summary>
    /// <inheritdoc cref="RunAsync(IReadOnlyList{Step}, CancellationToken)"/>
    public async Task<T> RunAsync<T>(Step<T> target, CancellationToken cancel)
    {
        await RunAsync([target], cancel).ConfigureAwait(false);
        return Read(target);
    }

    /// <summary>Makes sure that all targets are stored: runs what is missing, each key once.</summary>
    /// <remarks>
    /// Disposable files go once the steps *of this plan* that need them are stored: ask for everything that reads them in one call.
    /// </remarks>
    /// <exception cref="StepFailedException">A step failed; running ones were cancelled. Calling again resumes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled. Calling again resumes.</exception>
    /// <exception cref="InvalidDataException">A stored artifact is damaged.</exception>
    /// <exception cref="IOException">Another run holds the folder, or it cannot be written.</exception>
    public Task RunAsync(IReadOnlyList<Step> targets, CancellationToken cancel) =>
        JournalledAsync(targets, async (plan, journal, disposal) =>
        {
            RunSession session = new(this, options, store, journal, disposal);
            await new Scheduler(plan, options.Workers, options.Threads).RunAsync(Execute, cancel).ConfigureAwait(false);

            async Task Execute(PlannedStep planned, int threads, CancellationToken stop)
            {
                if (await session.ExecuteInTurnAsync(planned, threads, stop).ConfigureAwait(false))
                {
                    Interlocked.Increment(ref executed);
                }
            }
        });

    /// <summary>Makes sure that all targets are stored: an executor gets what is missing done.</summary>
    /// <remarks>Holds the folder as a run does. Disposable files go as there.</remarks>
    /// <exception cref="TasksFailedException">Some steps failed; all is done that does not need them.</exception>
    /// <exception cref="OperationCanceledException">Cancelled. Calling again resumes.</exception>
    /// <exception cref="InvalidDataException">A stored artifact is damaged.</exception>
    /// <exception cref="IOException">Another run holds the folder, or it cannot be written.</exception>
    public Task RunTasksAsync(IReadOnlyList<Step> targets, TaskExecution execution, CancellationToken cancel) =>
        JournalledAsync(targets, async (plan, journal, disposal) =>
        {
            TaskRun run = new(plan, execution.Template, options.Directory, store, journal, disposal);
            await using (new Timer(_ => run.Forward(), null, TaskRun.Watch, TaskRun.Watch))
            {
                await execution.Executor.RunAsync(run, cancel).ConfigureAwait(false);
            }

            run.RequireDone();
        });

    /// <summary>Runs one step of the graph behind some targets and nothing else: what an executor of any kind may submit.</summary>
    /// <remarks>
    /// Needs the folder only, holds no more of it than a lease on the step, and may run beside others. Done twice it is done once; of two
    /// attempts that do not know of each other the first to be stored counts. Deletes no disposable files: a run of all targets does.
    /// </remarks>
    /// <param name="folder">The step by its folder's name, NAME-KEY.</param>
    /// <param name="threads">Compute threads; null: all of the runner's.</param>
    /// <exception cref="ArgumentException">There is no such step.</exception>
    /// <exception cref="StepBusyException">Another attempt is at it.</exception>
    /// <exception cref="StepFailedException">It failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled. Calling again resumes.</exception>
    public async Task<StepOutcome> RunStepAsync(
        IReadOnlyList<Step> targets, string folder, CancellationToken cancel, int? threads = null)
    {
        PlannedStep step = PlanOne(targets, folder);
        if (step.State == StepState.Cached)
        {
            return new StepOutcome(Ran: false, []);
        }

        if (step.Missing is { Count: > 0 } missing)
        {
            return new StepOutcome(Ran: false, missing);
        }

        using Lease lease = Lease.Take(store.FolderOf(step.Identity));
        if (step.Record is null && store.Find(step.Identity) is not null)
        {
            return new StepOutcome(Ran: false, []);   // stored by another attempt meanwhile
        }

        store.RemovePartials(step.Identity);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, lease.Lost);
        string events = EventLog.OfStep(options.Directory, folder);
        Directory.CreateDirectory(Path.GetDirectoryName(events)!);
        using EventLog log = new(events);
        RunSession session = new(
            this, options, store, new RunJournal(log, options.Observer, options.Note), new Disposal(new Plan([]), store));
        await session.ExecuteAsync(step, threads ?? options.Threads, stop.Token).ConfigureAwait(false);
        Interlocked.Increment(ref executed);
        return new StepOutcome(Ran: true, []);
    }

    /// <summary>Writes the graph of a plan into the event log, for whoever watches a folder whose steps run by themselves.</summary>
    /// <exception cref="IOException">Another run holds the folder.</exception>
    public void Announce(Plan plan)
    {
        Directory.CreateDirectory(options.Directory);
        using DirectoryLock held = DirectoryLock.Take(options.Directory);
        using EventLog log = new(Path.Combine(options.Directory, EventLog.FileName));
        new RunJournal(log, observer: null, note: null).Planned(plan);
    }

    /// <summary>The step of that folder behind some targets; null where there is none.</summary>
    public Step? Find(IReadOnlyList<Step> targets, string folder)
    {
        if (index?.IsOf(targets) != true)
        {
            index = new StepIndex(targets, keys);
        }

        return index.Find(folder);
    }

    /// <summary>The result of a stored step. Shared between callers: never change it.</summary>
    public T Read<T>(Step<T> step) => ReadStored<T>(Identify(step));

    /// <summary>When, where and how a stored step was made; null if it is not stored.</summary>
    public StepRecord? RecordOf(Step step) => store.Find(Identify(step));

    /// <summary>The folder a step is, or would be, stored in.</summary>
    public string DirectoryOf(Step step) => FolderOf(Identify(step));

    /// <summary>The key as in the folder's name: 16 hexadecimal digits.</summary>
    public string KeyOf(Step step) => Identify(step).Key;

    /// <summary>
    /// What the key is hashed from: the step's name, version and fields, the engine's kernels, and the hashes of its inputs.
    /// </summary>
    public JsonNode DefinitionOf(Step step) => JsonNode.Parse(Identify(step).Canonical)!;

    internal StepIdentity Identify(Step step) => keys.Of(step);

    internal string FolderOf(StepIdentity identity) => store.FolderOf(identity);

    internal LineFile OpenLines(StepIdentity identity, string file, int linesPerItem) =>
        UnfinishedLines.Open(FolderOf(identity), file, linesPerItem);

    internal T ReadStored<T>(StepIdentity identity)
    {
        if (!results.TryGet(identity.Hash, out T result))
        {
            byte[] json = store.ReadBytes(identity);
            result = store.Parse<T>(identity, json);
            results.Add(identity.Hash, result!, json.LongLength);
        }

        return result;
    }

    private PlannedStep PlanOne(IReadOnlyList<Step> targets, string folder)
    {
        PlannedStep alone = Planner.PlanAlone(
            Find(targets, folder) ?? throw new ArgumentException(
                $"{folder} is no step of this study. Its steps are named as their folders, NAME-KEY, and change with what they compute."),
            keys,
            store);

        // Whether somebody needs a deleted file of a stored step only the whole plan knows.
        return alone.Record is { Pruned.Length: > 0 } ? Plan(targets).Find(folder)! : alone;
    }

    /// <summary>What is the same for runs of any kind: the folder is held, tidied up and planned, and told what happens.</summary>
    private async Task JournalledAsync(IReadOnlyList<Step> targets, Func<Plan, RunJournal, Disposal, Task> work)
    {
        Directory.CreateDirectory(options.Directory);
        using DirectoryLock held = DirectoryLock.Take(options.Directory);
        store.RemovePartials();
        Plan plan = Plan(targets);
        Disposal disposal = new(plan, store);
        using EventLog log = new(Path.Combine(options.Directory, EventLog.FileName));
        RunJournal journal = new(log, options.Observer, options.Note);
        journal.RunStarted(plan);
        string outcome = "failed";
        try
        {
            disposal.Start();
            await work(plan, journal, disposal).ConfigureAwait(false);
            outcome = "done";
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            journal.RunFinished(outcome);
        }
    }
}
