using System.Diagnostics;

namespace Goodhart.Cli.Tests;

/// <summary>The smoke study with one run: what is asked of studies is asked of it in seconds.</summary>
internal static class MicroStudy
{
    public static string[] Arguments { get; } =
        ["--preset", "smoke", "--set", "align.losses=[dpo]", "--set", "align.betas=[0.1]", "--set", "evaluate.prompts=16"];

    /// <summary>Settings with which its first training goes on for a minute and more: to be stopped before its end on any machine.</summary>
    public static string[] Long { get; } = ["--set", "pretrain.examples=25600"];

    /// <summary>How long a test waits for what has to come: only one that fails waits to the end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The study in a process of its own, the leader of a group that signals reach as they do from a terminal.</summary>
    public static Process Start(string directory, params IReadOnlyList<string> more)
    {
        // A shell that starts the tests in the background has them, and so what they start, ignore Ctrl-C.
        ProcessStartInfo start = new(
            "env",
            [
                "--default-signal=INT", "setsid", Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", "exec", typeof(GoodhartCommand).Assembly.Location,
                "study", .. Arguments, "--out", directory, "--quiet", .. more,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Worker processes of a study that are alive.</summary>
    public static int[] Workers(string directory) =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => name!)
            .Where(name => IsWorker(name, directory)).Select(int.Parse),
    ];

    /// <summary>Until a worker is there and has had time for a step.</summary>
    public static async Task<int[]> SomeWorkers(string directory)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(20))
        {
            if (Workers(directory) is { Length: > 0 } some
                && Directory.Exists(Path.Combine(directory, "events")) && Directory.GetFiles(Path.Combine(directory, "events")).Length > 0)
            {
                return some;
            }
        }

        throw new TimeoutException($"no worker of {directory} in {Patience.TotalMinutes} minutes");
    }

    /// <summary>All of these end soon.</summary>
    public static async Task<bool> End(int[] processes)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(20))
        {
            if (processes.All(process => !Directory.Exists($"/proc/{process}")))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a killed study may not leave, and what it has: names, and the content of files that hold no times.</summary>
    public static string[] Snapshot(string directory) =>
    [
        .. Directory.GetFileSystemEntries(Path.Combine(directory, "steps"), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => Path.GetRelativePath(directory, path) + (File.Exists(path) && !HoldsTimes(path)
                ? " " + new Pipeline.InputFile(path).Sha256
                : "")),
    ];

    private static bool HoldsTimes(string path) => Path.GetFileName(path) is "step.json" or "result.json";

    private static bool IsWorker(string process, string directory)
    {
        try
        {
            string command = File.ReadAllText($"/proc/{process}/cmdline");
            return command.Contains("--serve-stdin", StringComparison.Ordinal) && command.Contains(directory, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
