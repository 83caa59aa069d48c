using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Goodhart.Cli.Tests.Slurm;

/// <summary>A cluster of two nodes on this host, its own for each class of tests; nothing of it is left when they are over.</summary>
public sealed class SlurmCluster : IDisposable
{
    /// <summary>Not before a test asks: where all are skipped, there is none.</summary>
    private readonly Lazy<string> started = new(Start);

    /// <summary>By which clients find the cluster.</summary>
    internal Dictionary<string, string?> Environment => new() { ["SLURM_CONF"] = Path.Combine(Folder, "slurm.conf") };

    private string Folder => started.Value;

    public void Dispose()
    {
        if (started.IsValueCreated)
        {
            Script("stop", Folder);
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>A study in a process that submits, watches and collects; its words go to a file.</summary>
    /// <param name="path">Where it finds programs; null: where the tests do.</param>
    internal Submission Submit(string directory, IReadOnlyList<string> arguments, string? path = null) => new(
        new Dictionary<string, string?>(Environment) { ["PATH"] = path ?? System.Environment.GetEnvironmentVariable("PATH") },
        ["study", .. arguments, "--out", directory, "--executor", "slurm"]);

    /// <summary>All jobs that Slurm remembers.</summary>
    internal IReadOnlyList<QueuedJob> Queue() =>
    [
        .. Client("squeue", "--array", "--noheader", "--states=all", "--format=%A %i %j %T %N").Split(
            '\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(' ')).Select(
                parts => new QueuedJob(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2], parts[3], parts[4])),
    ];

    /// <summary>A job of steps of a kind, as soon as it is in a state and, if it runs, its step's process is there.</summary>
    internal async Task<QueuedJob> Job(string kind, string state = "RUNNING")
    {
        QueuedJob? found = null;
        await Until(
            () =>
            {
                found = Queue().FirstOrDefault(job => job.Name.Contains($"-{kind}-", StringComparison.Ordinal) && job.State == state);
                return found is not null && (state != "RUNNING" || Processes(found).Length > 0);
            },
            $"no job of {kind} is {state}");
        return found!;
    }

    /// <summary>A job of steps of a kind whose step's process is stopped, so that it is at its step still when a test comes to it.</summary>
    internal async Task<QueuedJob> Hold(string kind)
    {
        QueuedJob? held = null;
        await Until(
            () =>
            {
                held = Queue().FirstOrDefault(job =>
                {
                    int[] processes = job.Name.Contains($"-{kind}-", StringComparison.Ordinal) && job.State == "RUNNING" ? Processes(job) : [];
                    Kill("-STOP", processes);
                    return processes.Any(IsStopped);
                });
                return held is not null;
            },
            $"no job of {kind} is running");
        return held!;
    }

    /// <summary>The processes of the program that a job runs.</summary>
    internal int[] Processes(QueuedJob job) =>
        Members([$"SLURM_JOB_ID={job.Number}\0", $"SLURM_CONF={Environment["SLURM_CONF"]}\0"], " step ");

    internal void Lose(string node) => Script("lose", Folder, node);

    /// <summary>From now on the nodes see an empty folder there.</summary>
    internal void Hide(string place) => Script("hide", Folder, place);

    internal void Show() => Script("show", Folder);

    internal void Revive() => Script("revive", Folder);

    /// <summary>kill -9 of a daemon: slurmctld, slurmd-node1 or slurmd-node2.</summary>
    internal async Task KillDaemon(string name)
    {
        string process = File.ReadAllText(Path.Combine(Folder, "run", name + ".pid")).Trim();
        Run("kill", ["-9", process], []);
        await Until(() => StateOf(process) is 'Z' or 'X' or null, $"{name} does not end");
    }

    /// <summary>Sends a signal to those that have not ended this moment.</summary>
    internal static void Kill(string signal, params IEnumerable<int> processes)
    {
        foreach (int process in processes)
        {
            ProcessStartInfo start = new("kill", [signal, process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true };
            using Process kill = Process.Start(start)!;
            kill.WaitForExit();
        }
    }

    internal string Client(string program, params IReadOnlyList<string> arguments) => Run(program, arguments, Environment);

    internal static async Task Until(Func<bool> holds, string otherwise, int seconds = 900)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed.TotalSeconds < seconds, $"after {seconds} s: {otherwise}");
            await Task.Delay(20);
        }
    }

    /// <summary>Whether SIGTERM waits for a stopped process to go on.</summary>
    internal static bool IsToldToStop(int process)
    {
        try
        {
            string pending = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("ShdPnd:", StringComparison.Ordinal));
            return (ulong.Parse(pending.AsSpan("ShdPnd:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1 << 14)) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsStopped(int process) => StateOf(process.ToString(CultureInfo.InvariantCulture)) == 'T';

    /// <summary>A process's letter in /proc; null: it has ended.</summary>
    private static char? StateOf(string process)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{process}/stat");
            return status[status.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Start()
    {
        string folder = Directory.CreateTempSubdirectory("goodhart-cluster").FullName;
        try
        {
            Script("start", folder);
            return folder;
        }
        catch
        {
            Script("stop", folder);
            throw;
        }
    }

    private static int[] Members(string[] variables, string command) =>
    [
        .. Directory.GetDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)).Where(folder =>
        {
            try
            {
                string environment = File.ReadAllText(Path.Combine(folder, "environ"));
                return variables.All(variable => environment.Contains(variable, StringComparison.Ordinal))
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ').Contains(command, StringComparison.Ordinal);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }).Select(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)),
    ];

    private static void Script(params IReadOnlyList<string> arguments) => Run("bash", [Repository.PathOf(".ci/slurm"), .. arguments], []);

    private static string Run(string program, IReadOnlyList<string> arguments, Dictionary<string, string?> environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        return output;
    }
}

/// <param name="Number">The job's own.</param>
/// <param name="Id">As commands take it: ARRAY_INDEX for a task of an array.</param>
internal sealed record QueuedJob(int Number, string Id, string Name, string State, string Node);
