using System.Diagnostics;
using System.Text;

namespace Goodhart.Cli.Tests.Slurm;

/// <summary>The program in a process of its own, to be watched and killed.</summary>
internal sealed class Submission : IDisposable
{
    private readonly StringBuilder said = new();
    private readonly Process process;

    public Submission(IReadOnlyDictionary<string, string?> environment, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(
            System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", typeof(GoodhartCommand).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All that it has said so far, on both streams.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    public bool IsOver => process.HasExited;

    /// <returns>Its exit code.</returns>
    public async Task<int> End(int seconds = 1800)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(seconds));
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"not over after {seconds} s; it said:\n{Said}");
        }
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Interrupt() => SlurmCluster.Kill("-INT", process.Id);

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private void Note(string? line)
    {
        lock (said)
        {
            said.AppendLine(line);
        }
    }
}
