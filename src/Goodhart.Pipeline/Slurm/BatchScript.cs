using System.Globalization;
using System.Text;

namespace Goodhart.Pipeline.Slurm;

/// <summary>What an array's members run on their nodes, and what sbatch is called with.</summary>
internal static class BatchScript
{
    /// <summary>How long a step may say that it is not ready while nobody is at it: a lost node's lease lives a minute, and a file system's
    /// caches may. While another attempt, or another step at the judge, renews its lease, it waits as long as that takes.</summary>
    private const int SecondsNotReady = 600;

    /// <summary>Of a lease that somebody renews, at most.</summary>
    private const int MinutesOfLife = 2;

    /// <summary>Of a study whose judge is asked; see the contract of steps.</summary>
    private const string JudgeLease = "judging";

    /// <summary>So often a step goes on after its time limit, from what it could keep; then the limit is too short for it.</summary>
    private const int MostTimeLimits = 10;

    /// <summary>What stays of the time limit when a step is told to stop: a tenth, between these.</summary>
    private static readonly TimeSpan ShortestNotice = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestNotice = TimeSpan.FromMinutes(5);

    /// <summary>Options of sbatch but for the dependency, which needs the ids of the arrays before.</summary>
    /// <param name="workingDirectory">Where the commands are to be called.</param>
    public static IEnumerable<string> Options(SlurmOptions options, SlurmFolder folder, JobArray array, string workingDirectory)
    {
        // Steps of one kind are close enough that an array asks for its largest.
        int threads = array.Members.Max(member => member.Task.Resources.Threads);
        int gpus = array.Members.Max(member => member.Task.Resources.Gpus);
        yield return $"--job-name={array.Name}";
        yield return $"--output={folder.OutputOf(array)}";
        yield return "--open-mode=append";
        yield return "--requeue";
        yield return "--kill-on-invalid-dep=yes";
        yield return "--nodes=1";
        yield return "--ntasks=1";
        yield return string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={threads}");
        yield return string.Create(CultureInfo.InvariantCulture, $"--mem={Megabytes(options, array)}M");
        yield return $"--chdir={workingDirectory}";
        if (array.IsArray)
        {
            yield return $"--array={string.Join(',', Ranges([.. array.Members.Select(member => member.Index)]))}";
        }

        if (options.Gpus is not null || gpus > 0)
        {
            yield return $"--gpus={options.Gpus ?? gpus.ToString(CultureInfo.InvariantCulture)}";
        }

        if (options.Time is { } time)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--time={(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
            yield return string.Create(CultureInfo.InvariantCulture, $"--signal=B:USR1@{(int)Notice(time).TotalSeconds}");
        }

        foreach ((string name, string? value) in new[]
        {
            ("partition", options.Partition), ("account", options.Account), ("qos", options.Qos),
        })
        {
            if (value is not null)
            {
                yield return $"--{name}={value}";
            }
        }

        foreach (string further in options.Further)
        {
            yield return further;
        }
    }

    /// <summary>Memory of one member, MiB.</summary>
    public static long Megabytes(SlurmOptions options, JobArray array) => options.MemoryMegabytes
        ?? Math.Max(512, (array.Members.Max(member => member.Task.Resources.MemoryBytes) >> 20) + 256);   // the program itself beside

    /// <remarks>
    /// The step runs in the background and is waited for, so that a signal reaches the script at once. Slurm sends USR1 shortly before the
    /// time limit: the step stops, keeping what it can, and the job goes back into the queue, where what depends on it goes on waiting.
    /// </remarks>
    /// <param name="study">The study's folder, full path.</param>
    public static string Text(JobArray array, string study, string workingDirectory)
    {
        StringBuilder cases = new();
        foreach (JobMember member in array.Members)
        {
            string command = string.Join(' ', member.Task.Command.Select(Quoted));
            string lease = Quoted(Path.Combine(study, "steps", member.Task.Id + Lease.Suffix));
            cases.Append(CultureInfo.InvariantCulture, $"  {member.Index}) step=({command}) lease={lease} ;;\n");
        }

        return $$"""
            #!/bin/bash
            # Steps of a study, a task each: submitted by `goodhart study --executor slurm`.
            set -u
            case "${SLURM_ARRAY_TASK_ID:-0}" in
            {{cases}}esac
            id="${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}"
            finish() {
              echo "{{JobLog.End("$id", "$1")}}"
              exit "$1"
            }
            echo "{{JobLog.Start("$id")}}, attempt ${SLURM_RESTART_COUNT:-0} on ${SLURMD_NODENAME:-$(hostname)}"
            if [ ! -f {{Quoted(Path.Combine(study, StudyDirectory.Marker))}} ] || ! cd {{Quoted(workingDirectory)}}; then
              echo "$(hostname) does not see the study's folder or the directory to work in: the nodes must share both."
              finish 2
            fi

            somebody_is_at_it() {
              [ -n "$(find "$lease" {{Quoted(Path.Combine(study, JudgeLease + Lease.Suffix))}} -mmin -{{MinutesOfLife}} 2> /dev/null)" ]
            }

            # Slurm may be busy; what is left of the time limit allows for a second try.
            requeue() {
              scontrol requeue "$id" || { sleep 2; scontrol requeue "$id"; }
            }

            child= stop= told=
            on_signal() {
              stop="$1" told=yes
              [ -z "$child" ] || kill -TERM "$child" 2> /dev/null
            }
            trap 'on_signal limit' USR1
            trap 'on_signal end' TERM

            seen=0
            while true; do
              "${step[@]}" &
              child=$!
              # A signal that came before the step was known has not reached it.
              [ -z "$stop" ] || kill -TERM "$child" 2> /dev/null
              code=127
              # A signal ends the waiting, not the step; its exit code comes with the next wait.
              while true; do
                told=
                wait "$child"
                ended=$?
                [ "$ended" = 127 ] || code="$ended"
                [ -n "$told" ] || break
              done
              child=
              [ "$code" = {{(int)StepExit.NotReady}} ] && [ -z "$stop" ] || break
              # Whoever was at it may have ended a moment ago: its leaving starts the time anew.
              if somebody_is_at_it; then seen=$SECONDS; fi
              [ "$((SECONDS - seen))" -lt {{SecondsNotReady}} ] || break
              sleep 5 &
              wait $!
              [ -z "$stop" ] || break
            done

            # The signal met a step that had hardly begun, and knew of none yet.
            if [ "$stop" = limit ] && [ "$code" = 143 ]; then code={{(int)StepExit.Interrupted}}; fi
            if [ "$stop" = limit ] && { [ "$code" = {{(int)StepExit.Interrupted}} ] || [ "$code" = {{(int)StepExit.NotReady}} ]; }; then
              if [ "${SLURM_RESTART_COUNT:-0}" -ge {{MostTimeLimits}} ]; then
                echo "The time limit was reached {{MostTimeLimits}} times: raise slurm.time."
                code={{(int)StepExit.Failed}}
              elif requeue; then
                echo "The time limit is near: the job is requeued, and goes on from what the step has kept."
                exit 0
              fi
            fi
            finish "$code"
            """ + "\n";
    }

    private static TimeSpan Notice(TimeSpan limit) =>
        TimeSpan.FromSeconds(Math.Clamp(limit.TotalSeconds / 10, ShortestNotice.TotalSeconds, LongestNotice.TotalSeconds));

    /// <summary>0-20,23: an array of a thousand members in few letters.</summary>
    private static IEnumerable<string> Ranges(int[] indices)
    {
        for (int start = 0, end; start < indices.Length; start = end + 1)
        {
            end = start;
            while (end + 1 < indices.Length && indices[end + 1] == indices[end] + 1)
            {
                end++;
            }

            yield return start == end
                ? indices[start].ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{indices[start]}-{indices[end]}");
        }
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
