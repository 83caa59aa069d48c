using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Goodhart.Testing.Judging;

/// <summary>An OpenAI-compatible endpoint on the loopback address that answers as a test wants, and counts.</summary>
public sealed class JudgeServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<JudgeCall> calls = new();
    private readonly Func<JudgeCall, JudgeAnswer> answer;
    private readonly Task accepting;
    private int number;
    private int connections;
    private int under;

    public JudgeServer(Func<JudgeCall, JudgeAnswer> answer)
    {
        this.answer = answer;
        listener.Start(512);
        accepting = AcceptAsync();
    }

    public Uri BaseUrl =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v1"));

    public IReadOnlyList<JudgeCall> Calls => [.. calls];

    /// <summary>Connections that were opened.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>The most calls that were being answered at once.</summary>
    public int MostAtOnce { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
                connections++;
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        await Task.Yield();
        using (client)
        {
            client.NoDelay = true;
            try
            {
                NetworkStream stream = client.GetStream();
                using StreamReader reader = new(stream, Encoding.Latin1);
                while (await ReadAsync(reader) is { } call && await WriteAsync(stream, call))
                {
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private async Task<JudgeCall?> ReadAsync(StreamReader reader)
    {
        if (await reader.ReadLineAsync(stop.Token) is not { Length: > 0 } request)
        {
            return null;
        }

        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } line)
        {
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }

        char[] body = new char[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        if (body.Length > 0)   // to read nothing waits for more
        {
            await reader.ReadBlockAsync(body, stop.Token);
        }

        JudgeCall call = new(
            Interlocked.Increment(ref number), request.Split(' ')[1], headers.GetValueOrDefault("Authorization"),
            Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)));
        calls.Enqueue(call);
        return call;
    }

    /// <returns>Whether the connection lives on.</returns>
    private async Task<bool> WriteAsync(NetworkStream stream, JudgeCall call)
    {
        lock (calls)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++under);
        }

        JudgeAnswer said = answer(call);
        await Task.WhenAll(Task.Delay(said.Delay, stop.Token), said.After.WaitAsync(stop.Token));
        lock (calls)
        {
            under--;   // before the answer leaves: its asker may ask the next at once
        }

        if (said.Manner == Manner.Dropped)
        {
            return false;
        }

        byte[] body = Encoding.UTF8.GetBytes(said.Body);
        string length = said.Manner == Manner.Endless
            ? "Connection: close"
            : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length + (said.Manner == Manner.HalfClosed ? 100 : 0)}");
        string head = string.Join("\r\n", [
            string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 {said.Status} X"), "Content-Type: application/json", length, .. said.Headers, "", ""]);
        await stream.WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(head), .. body], stop.Token);
        while (said.Manner == Manner.Endless)
        {
            await stream.WriteAsync(new byte[65536], stop.Token);
        }

        return said.Manner == Manner.Whole;
    }
}
