using System.Security.Cryptography;
using System.Text;

namespace Goodhart.Pipeline.Slurm;

/// <summary>The folder <c>slurm/</c> of a study: which job is which step, and what the jobs wrote.</summary>
/// <remarks>
/// A list of members is written before its array is submitted, and named as the job: a job that is found in the queue is known, also where
/// its submitter died before it heard the id.
/// </remarks>
internal sealed class SlurmFolder
{
    private readonly string folder;

    /// <param name="study">The study's folder, full path.</param>
    public SlurmFolder(string study)
    {
        study = Path.TrimEndingDirectorySeparator(study);   // as a shell completes it: the same folder, and so the same jobs
        folder = Path.Combine(study, SlurmLogs.Folder);
        Prefix = "goodhart-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(study)))[..8] + "-";
    }

    /// <summary>What the names of this study's jobs begin with: the same whenever and from wherever they are looked for.</summary>
    public string Prefix { get; }

    /// <summary>Where a member's output goes; as sbatch takes it, for all members.</summary>
    public string OutputOf(JobArray array) => Path.Combine(folder, array.IsArray ? $"{array.Name}-%a.log" : $"{array.Name}.log");

    public string LogOf(JobArray array, JobMember member) =>
        Path.Combine(folder, SlurmLogs.NameOf(array.Name, array.IsArray ? member.Index : null));

    public void Write(JobArray array)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteAllText(
            Path.Combine(folder, array.Name + SlurmLogs.ListExtension),
            SlurmLogs.Write(array.Members.Select(member => (array.IsArray ? member.Index : (int?)null, member.Task.Id))));
    }

    /// <summary>The arrays behind jobs of the queue, each with the members that are among these jobs and among these tasks.</summary>
    public IReadOnlyList<JobArray> Find(IReadOnlyList<SlurmJob> jobs, IReadOnlyDictionary<string, StepTask> tasks) =>
    [
        .. jobs.GroupBy(job => (job.JobId, job.Name))
            .Select(array => Find(array.Key.JobId, array.Key.Name, [.. array], tasks)).OfType<JobArray>()
            .Where(array => array.Members.Count > 0),
    ];

    /// <returns>Null where there is no such list: the folder was another study's, and was deleted.</returns>
    private JobArray? Find(string id, string name, SlurmJob[] jobs, IReadOnlyDictionary<string, StepTask> tasks)
    {
        string list = Path.Combine(folder, name + SlurmLogs.ListExtension);
        if (!File.Exists(list))
        {
            return null;
        }

        IReadOnlyList<(int? Index, string Step)> members = SlurmLogs.Read(list);
        HashSet<int?> living = [.. jobs.Select(job => job.Index)];
        return new JobArray(
            name,
            [
                .. members.Where(member => living.Contains(member.Index) && tasks.ContainsKey(member.Step))
                    .Select(member => new JobMember(member.Index ?? 0, tasks[member.Step])),
            ],
            members.All(member => member.Index is not null),
            [])
        {
            JobId = id,
        };
    }
}
