using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

namespace Goodhart.Pipeline;

/// <summary>How an attempt at a step ended, as a worker process answers it: a line of JSON on its standard output.</summary>
/// <param name="Step">NAME-KEY.</param>
/// <param name="Message">Why, where it is not done.</param>
public sealed record StepReply(string Step, int Exit, string? Message)
{
    internal string ToLine() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>Null: some library's own words.</summary>
    internal static StepReply? FromLine(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<StepReply>(line, JsonSerializerOptions.Web) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// A worker process: runs the steps that its parent names, a line each (<c>run NAME-KEY THREADS</c>), one after the other, and answers.
/// </summary>
/// <remarks>
/// The line <c>stop</c> asks the step under way to stop. Where the lines end while a step is under way, the parent is dead, and so is this
/// process at once: nothing of the step is visible then, and nobody would read an answer.
/// </remarks>
public static class StepServer
{
    internal const string Run = "run";
    internal const string Stop = "stop";

    /// <summary>Where memory runs out, the system ends a worker, and not the parent that knows how to go on.</summary>
    private const string FirstToGo = "500";

    /// <param name="run">Runs a step on a number of threads.</param>
    /// <param name="cancel">Asks to stop, as the line does.</param>
    public static async Task ServeAsync(
        TextReader requests, TextWriter replies, Func<string, int, CancellationToken, Task<StepReply>> run, CancellationToken cancel)
    {
        OfferToDieFirst();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Channel<string> steps = Channel.CreateUnbounded<string>();
        int open = 0;
        new Thread(() => Read()) { IsBackground = true, Name = "requests" }.Start();
        while (!stop.IsCancellationRequested && await Next().ConfigureAwait(false) is { } request)
        {
            string[] words = request.Split(' ');
            StepReply reply = await run(words[1], int.Parse(words[2], CultureInfo.InvariantCulture), stop.Token).ConfigureAwait(false);
            await replies.WriteLineAsync(reply.ToLine()).ConfigureAwait(false);
            await replies.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            Interlocked.Decrement(ref open);
        }

        void Read()
        {
            while (requests.ReadLine() is { } line)
            {
                if (line == Stop)
                {
                    stop.Cancel();
                }
                else
                {
                    Interlocked.Increment(ref open);
                    steps.Writer.TryWrite(line);
                }
            }

            if (Volatile.Read(ref open) > 0)
            {
                Process.GetCurrentProcess().Kill();
            }

            steps.Writer.TryComplete();
        }

        async Task<string?> Next()
        {
            try
            {
                return await steps.Reader.WaitToReadAsync(stop.Token).ConfigureAwait(false) && steps.Reader.TryRead(out string? line)
                    ? line
                    : null;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    private static void OfferToDieFirst()
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                File.WriteAllText("/proc/self/oom_score_adj", FirstToGo);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // Then the system chooses.
            }
        }
    }
}
