using System.Diagnostics;

namespace Goodhart.GpuCheck.Processes;

/// <summary>A program of ours under way in a process of its own: what it breaks, it breaks alone.</summary>
internal static class Child
{
    /// <summary>This program, however it was started.</summary>
    public static IReadOnlyList<string> Self { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "gpucheck.dll")]
            : [Environment.ProcessPath!];

    private static TimeSpan Moment => TimeSpan.FromMilliseconds(1);

    /// <summary>Runs to the end, or for as long as it may.</summary>
    /// <param name="most">Where nothing is left, it is started and ended: that it had no time is told like any other end.</param>
    /// <param name="line">Told of every line on standard output as it comes.</param>
    /// <param name="silence">The longest time without a line.</param>
    public static async Task<ChildEnd> Run(
        IReadOnlyList<string> command, TimeSpan most, TimeSpan? silence = null, Action<string>? line = null)
    {
        ProcessStartInfo start = new(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"{command[0]} cannot be started.");
        Queue<string> last = [];
        using CancellationTokenSource stop = new(most > Moment ? most : Moment);
        Task errors = Read(process.StandardError, text =>
        {
            last.Enqueue(text);
            if (last.Count > 12)
            {
                last.Dequeue();
            }
        });
        List<string> output = [];
        using CancellationTokenSource quiet = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        Heard();
        Task lines = Read(process.StandardOutput, text =>
        {
            Heard();
            output.Add(text);
            line?.Invoke(text);
        });
        bool ended = true;
        try
        {
            await process.WaitForExitAsync(quiet.Token);
        }
        catch (OperationCanceledException)
        {
            ended = false;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        await Task.WhenAll(errors, lines);
        return new ChildEnd(ended ? process.ExitCode : null, output, [.. last]);

        void Heard()
        {
            if (silence is { } longest)
            {
                quiet.CancelAfter(longest);
            }
        }
    }

    private static async Task Read(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync() is { } text)
        {
            line(text);
        }
    }
}

/// <param name="Code">Null: it was ended.</param>
/// <param name="Errors">The last lines of standard error.</param>
internal sealed record ChildEnd(int? Code, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    public string Reason => Code is null ? "took too long and was ended" : $"ended with code {Code}";

    public string LastWords =>
        Errors.Count > 0 ? string.Join(" | ", Errors.TakeLast(4)) : Output.Count > 0 ? Output[^1] : "it said nothing";
}
