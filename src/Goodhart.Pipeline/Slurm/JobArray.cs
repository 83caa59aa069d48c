using System.Security.Cryptography;
using System.Text;

namespace Goodhart.Pipeline.Slurm;

/// <summary>What one call of sbatch submits: steps of the same kind, each a task of an array, or one step alone.</summary>
/// <param name="Name">Of the job: the study's prefix, the kind, and a hash of the steps.</param>
/// <param name="Members">The steps by their index in the array, ascending.</param>
/// <param name="IsArray">False: one job, without an index.</param>
/// <param name="Waits">What must have been done before.</param>
internal sealed record JobArray(string Name, IReadOnlyList<JobMember> Members, bool IsArray, IReadOnlyList<JobWait> Waits)
{
    /// <summary>The largest index of an array under Slurm's default MaxArraySize.</summary>
    public const int MostMembers = 1000;

    /// <summary>Null until it is submitted.</summary>
    public string? JobId { get; set; }

    /// <summary>Whether its members are all that it ever had: one that was found in the queue may have had others, which failed.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>The kind of a step: its folder's name without the key.</summary>
    public static string KindOf(StepTask task) => task.Id[..task.Id.LastIndexOf('-')];

    /// <param name="prefix">Of all jobs of the study.</param>
    public static JobArray Of(string prefix, IReadOnlyList<JobMember> members, bool isArray, IReadOnlyList<JobWait> waits)
    {
        string steps = string.Join('\n', members.Select(member => FormattableString.Invariant($"{member.Index} {member.Task.Id}")));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(steps)))[..8];
        return new JobArray($"{prefix}{KindOf(members[0].Task)}-{hash}", members, isArray, waits) { IsWhole = true };
    }

    /// <summary>As squeue shows a member: the array's id and the index, or the id alone.</summary>
    public string IdOf(JobMember member) => IsArray ? FormattableString.Invariant($"{JobId}_{member.Index}") : JobId!;
}

/// <summary>A step and its index in the array.</summary>
internal sealed record JobMember(int Index, StepTask Task);

/// <summary>What an array waits for.</summary>
/// <param name="For">The array with the steps that are needed.</param>
/// <param name="Members">Those of them that every member needs; null: each needs the one of its own index.</param>
internal sealed record JobWait(JobArray For, IReadOnlyList<JobMember>? Members)
{
    /// <summary>As --dependency takes it.</summary>
    public string Text => Members is null
        ? $"aftercorr:{For.JobId}"
        : For.IsWhole && Members.Count == For.Members.Count
        ? $"afterok:{For.JobId}"
        : "afterok:" + string.Join(':', Members.Select(For.IdOf));
}
