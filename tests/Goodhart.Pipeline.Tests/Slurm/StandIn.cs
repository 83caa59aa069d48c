using System.Diagnostics;
using System.Globalization;

namespace Goodhart.Pipeline.Tests.Slurm;

/// <summary>sbatch, squeue and scancel as scripts of a few lines: what is submitted is kept and waits in the queue, until a test says what
/// the queue is.</summary>
internal sealed class StandIn : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-slurm-").FullName;
    private readonly string path = Environment.GetEnvironmentVariable("PATH")!;

    public StandIn()
    {
        Write("sbatch", """
            [ ! -f "$dir/refusal" ] || { cat "$dir/refusal" >&2; exit 1; }
            read -r id < "$dir/next"
            echo $((id + 1)) > "$dir/next"
            printf '%s\n' "$@" > "$dir/$id.options.part"
            cat > "$dir/$id.script"
            name="$(sed -n 's/^--job-name=//p' "$dir/$id.options.part")"
            indices="$(sed -n 's/^--array=//p' "$dir/$id.options.part" | tr ',' '\n' | while IFS=- read -r a b; do seq "$a" "${b:-$a}"; done)"
            for index in ${indices:-N/A}; do echo "$id|$index|$name|PENDING||Priority"; done >> "$dir/queue"
            mv "$dir/$id.options.part" "$dir/$id.options"
            if [ -f "$dir/mute" ]; then
              echo "sbatch: error: Socket timed out on send/recv operation" >&2
              exit 1
            fi
            echo "$id"
            """);
        Write("squeue", """
            [ ! -f "$dir/silent" ] || { echo "Unable to contact slurm controller (connect failure)" >&2; exit 1; }
            cat "$dir/queue"
            """);
        Write("scancel", """
            printf '%s\n' "$@" >> "$dir/cancelled"
            """);
        File.WriteAllText(In("next"), "1\n");
        Queue();
        Environment.SetEnvironmentVariable("PATH", folder + Path.PathSeparator + path);
    }

    /// <summary>Ids of the jobs submitted so far.</summary>
    public IReadOnlyList<int> Jobs =>
    [
        .. Directory.GetFiles(folder, "*.options").Select(file => int.Parse(
            Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture)).Order(),
    ];

    /// <summary>Ids that were cancelled, those of array tasks as ID_INDEX.</summary>
    public IReadOnlyList<string> Cancelled => File.Exists(In("cancelled")) ? File.ReadAllLines(In("cancelled")) : [];

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", path);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The value of an option that a job was submitted with; null where it had none.</summary>
    public string? Option(int job, string name) => File.ReadAllLines(In($"{job}.options"))
        .FirstOrDefault(option => option.StartsWith($"--{name}=", StringComparison.Ordinal))?[(name.Length + 3)..];

    public string Script(int job) => File.ReadAllText(In($"{job}.script"));

    /// <summary>What squeue prints from now on.</summary>
    /// <param name="rows">Job, index or null, state.</param>
    public void Queue(params (int Job, int? Index, string State)[] rows)
    {
        string next = In("queue.next");
        File.WriteAllLines(next, rows.Select(row => string.Join(
            '|',
            row.Job.ToString(CultureInfo.InvariantCulture),
            row.Index?.ToString(CultureInfo.InvariantCulture) ?? "N/A",
            Option(row.Job, "job-name"),
            row.State,
            "node1|None")));
        File.Move(next, In("queue"), overwrite: true);
    }

    public void Silence() => File.WriteAllText(In("silent"), "");

    public void Speak() => File.Delete(In("silent"));

    /// <summary>sbatch submits from now on, and its answer is lost.</summary>
    public void Mute() => File.WriteAllText(In("mute"), "");

    public void Refuse(string message) => File.WriteAllText(In("refusal"), message);

    public void Accept() => File.Delete(In("refusal"));

    private string In(string name) => Path.Combine(folder, name);

    private void Write(string name, string script)
    {
        File.WriteAllText(In(name), $"#!/bin/bash\ndir='{folder}'\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(In(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
