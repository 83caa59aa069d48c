using System.Diagnostics;
using System.Globalization;

namespace Goodhart.Pipeline;

/// <summary>A worker process as its parent has it: takes one step after another, and dies with the parent.</summary>
internal sealed class LocalWorker : IAsyncDisposable
{
    private const int LinesKept = 20;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Process process;
    private readonly Queue<string> lastLines = [];
    private readonly Task ended;
    private TaskCompletionSource<StepReply>? awaited;

    /// <param name="command">Of a <see cref="StepServer"/>.</param>
    /// <param name="gpu">The only one that it sees; null: it has none, or all.</param>
    public LocalWorker(IReadOnlyList<string> command, string directory, string? gpu)
    {
        Gpu = gpu;
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (gpu is not null)
        {
            start.Environment["CUDA_VISIBLE_DEVICES"] = gpu;
        }

        process = Process.Start(start)!;
        ended = EndAsync();
    }

    public string? Gpu { get; }

    public int Id => process.Id;

    /// <summary>Not while a step is under way.</summary>
    public bool HasEnded => ended.IsCompleted;

    /// <summary>What it wrote to standard error since its step began, the latest last.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (gate)
            {
                return [.. lastLines];
            }
        }
    }

    /// <summary>Runs a step.</summary>
    /// <returns>Its answer; null where it died of the step: then <see cref="ExitCode"/> says of what.</returns>
    public async Task<StepReply?> RunAsync(string step, int threads)
    {
        TaskCompletionSource<StepReply> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            lastLines.Clear();
            awaited = reply;
        }

        Send(string.Create(CultureInfo.InvariantCulture, $"{StepServer.Run} {step} {threads}"));
        await Task.WhenAny(reply.Task, ended).ConfigureAwait(false);
        return reply.Task.IsCompletedSuccessfully ? await reply.Task.ConfigureAwait(false) : null;
    }

    /// <summary>Of the dead.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Asks the step under way to stop.</summary>
    public void Stop() => Send(StepServer.Stop);

    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It is dead already.
        }
    }

    /// <summary>An idle worker ends when nothing more can come; one that does not is ended.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is dead already.
        }

        if (await Task.WhenAny(ended, Task.Delay(Farewell)).ConfigureAwait(false) != ended)
        {
            Kill();
            await ended.ConfigureAwait(false);
        }

        process.Dispose();
    }

    private void Send(string line)
    {
        try
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It is dead, which its end tells.
        }
    }

    private async Task EndAsync()
    {
        await Task.WhenAll(
            ReadAsync(process.StandardOutput, line =>
            {
                if (StepReply.FromLine(line) is { } reply)
                {
                    lock (gate)
                    {
                        awaited?.TrySetResult(reply);
                    }
                }
            }),
            ReadAsync(process.StandardError, line =>
            {
                lock (gate)
                {
                    lastLines.Enqueue(line);
                    if (lastLines.Count > LinesKept)
                    {
                        lastLines.Dequeue();
                    }
                }
            })).ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } text)
        {
            line(text);
        }
    }
}
