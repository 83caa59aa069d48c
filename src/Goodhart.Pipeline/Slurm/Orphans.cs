namespace Goodhart.Pipeline.Slurm;

/// <summary>Jobs that wait for a dead one, until Slurm has heard that they are to be cancelled: they never start in between.</summary>
/// <param name="tell">What is said to whoever watches.</param>
internal sealed class Orphans(SlurmClient client, Action<string> tell)
{
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);

    public void Add(IEnumerable<string> jobs) => ids.UnionWith(jobs);

    public bool Has(SlurmJob job) => ids.Contains(job.Id);

    /// <summary>Said again at each call for those that the queue still has: until then nobody takes them for jobs of use.</summary>
    public async Task CancelAsync(IReadOnlyList<SlurmJob> queue, CancellationToken cancel)
    {
        ids.IntersectWith(queue.Where(job => job.IsLive).Select(job => job.Id));
        if (ids.Count > 0)
        {
            await TryCancelAsync(ids, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all jobs of a study, for which there is no hope.</summary>
    /// <returns>A sentence of what has become of them.</returns>
    public async Task<string> CancelAllAsync(IReadOnlyList<SlurmJob> queue, string directory, CancellationToken cancel)
    {
        string[] all = [.. queue.Where(job => job.IsLive).Select(job => job.JobId).Distinct()];
        return await TryCancelAsync(all, cancel).ConfigureAwait(false)
            ? "All jobs of the study were cancelled."
            : $"Its jobs could not be cancelled now: goodhart cancel {directory}";
    }

    /// <returns>False where Slurm did not answer.</returns>
    /// <exception cref="SlurmException">There is no scancel here.</exception>
    private async Task<bool> TryCancelAsync(IReadOnlyCollection<string> jobs, CancellationToken cancel)
    {
        try
        {
            await client.CancelAsync(jobs, cancel).ConfigureAwait(false);
            return true;
        }
        catch (SlurmException silent) when (!silent.IsMissing)
        {
            tell($"slurm: {silent.Message} It is tried again.");
            return false;
        }
    }
}
