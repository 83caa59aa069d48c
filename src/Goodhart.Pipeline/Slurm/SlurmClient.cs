using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Goodhart.Pipeline.Slurm;

/// <summary>Slurm through its command line, which every cluster has: sbatch, squeue, scancel.</summary>
/// <remarks>
/// The queue is read as text in a format of ours: --json gives every user's jobs with a hundred fields each, and its shape has changed from
/// release to release.
/// </remarks>
internal sealed class SlurmClient
{
    /// <summary>squeue tries for 18 s to reach a daemon that is down.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private const string Format = "%F|%K|%j|%T|%N|%r";

    /// <summary>Submits a script, given on standard input: nothing needs quoting, and no file is left.</summary>
    /// <returns>The job's id.</returns>
    /// <exception cref="SlurmException">sbatch refused or did not answer; then the job may have come to be all the same.</exception>
    public async Task<string> SubmitAsync(IEnumerable<string> options, string script, CancellationToken cancel)
    {
        // With several clusters under one controller, the id is followed by the cluster's name.
        string answer = (await RunAsync("sbatch", ["--parsable", .. options], script, cancel).ConfigureAwait(false)).Trim().Split(';')[0];
        return answer.Length > 0 && answer.All(char.IsAsciiDigit)
            ? answer
            : throw new SlurmException($"sbatch: expected the new job's id, found '{answer}'.");
    }

    /// <summary>The caller's jobs whose names begin so, those too that ended a while ago.</summary>
    /// <returns>Null where Slurm does not answer: then nothing is known, least of all that a job is gone.</returns>
    /// <exception cref="SlurmException">There is no squeue here.</exception>
    public async Task<IReadOnlyList<SlurmJob>?> QueueAsync(string prefix, CancellationToken cancel)
    {
        try
        {
            string rows = await RunAsync(
                "squeue", ["--me", "--array", "--noheader", "--states=all", "--format=" + Format], "", cancel).ConfigureAwait(false);
            return [.. rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Job).Where(job => job.Name.StartsWith(
                prefix, StringComparison.Ordinal))];
        }
        catch (SlurmException silent) when (!silent.IsMissing)
        {
            return null;
        }
    }

    /// <summary>Ends jobs, running and waiting ones.</summary>
    /// <exception cref="SlurmException">scancel did not answer.</exception>
    public async Task CancelAsync(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        foreach (string[] some in ids.Chunk(500))
        {
            await RunAsync("scancel", some, "", cancel).ConfigureAwait(false);
        }
    }

    private static SlurmJob Job(string row)
    {
        string[] parts = row.Split('|', 6);
        return parts.Length == 6
            ? new SlurmJob(
                parts[0],
                int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null,
                parts[2], parts[3], parts[5].Trim(), parts[4])
            : throw new SlurmException($"squeue: expected rows of the form {Format}, found '{row}'.");
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string input, CancellationToken cancel)
    {
        using Process process = Start(program, arguments);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await WriteAsync(process, input).ConfigureAwait(false);
            string[] said = await Task.WhenAll(output, error).ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            return process.ExitCode == 0
                ? said[0]
                : throw new SlurmException($"{program} failed with code {process.ExitCode}: {said[1].Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancel.ThrowIfCancellationRequested();
            throw new SlurmException($"{program} has not answered for {Patience.TotalSeconds:0} s.");
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception cause)
        {
            throw new SlurmException(
                $"{program} cannot be started here ({cause.Message}): the slurm executor needs a host from which jobs can be submitted.",
                cause)
            {
                IsMissing = true,
            };
        }
    }

    private static async Task WriteAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code and its last words say why.
        }
    }
}
