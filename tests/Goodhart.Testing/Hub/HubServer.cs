using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Goodhart.Testing.Hub;

/// <summary>A stand-in for the hub on the loopback address: two hosts, of which the storage refuses whoever brings a token.</summary>
/// <remarks>It also answers as a proxy would, for requests whose first line has a whole address.</remarks>
public sealed class HubServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<HubRequest> requests = new();
    private readonly HubSite site;
    private readonly Task accepting;

    /// <param name="behindProxy">The addresses are names that only the proxy, this server, knows.</param>
    public HubServer(bool behindProxy = false)
    {
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        site = behindProxy
            ? new HubSite("http://hub.test", "http://storage.test")
            : new HubSite(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"), Address);
        accepting = AcceptAsync();
    }

    /// <summary>Of the socket.</summary>
    public string Address { get; }

    /// <summary>Of the hub.</summary>
    public string Endpoint => site.Hub;

    /// <summary>Of the storage that large files come from.</summary>
    public string Storage => site.Storage;

    public IReadOnlyList<HubRequest> Requests => [.. requests];

    /// <summary>Changes an answer before it is sent.</summary>
    public Func<HubRequest, HubAnswer, HubAnswer> Change { get; set; } = (_, answer) => answer;

    public HubRepository Add(HubRepository repository)
    {
        site.Repositories.Add(repository);
        return repository;
    }

    public void Forget() => requests.Clear();

    public async ValueTask DisposeAsync()
    {
        if (accepting.IsCompleted)
        {
            return;
        }

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
            try
            {
                NetworkStream stream = client.GetStream();
                using StreamReader reader = new(stream, Encoding.Latin1);
                if (await ReadAsync(reader) is { } request)
                {
                    requests.Enqueue(request);
                    await WriteAsync(stream, Change(request, site.Answer(request)));
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private async Task<HubRequest?> ReadAsync(StreamReader reader)
    {
        if (await reader.ReadLineAsync(stop.Token) is not { Length: > 0 } first)
        {
            return null;
        }

        Dictionary<string, string> headers = [];
        while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } line)
        {
            string[] parts = line.Split(':', 2);
            headers[parts[0].ToLowerInvariant()] = parts[1].Trim();
        }

        string target = first.Split(' ')[1];
        string host = headers["host"];
        if (target.StartsWith("http://", StringComparison.Ordinal))
        {
            host = target["http://".Length..].Split('/')[0];
            target = target[("http://".Length + host.Length)..];
        }

        return new HubRequest(host, target, headers);
    }

    private async Task WriteAsync(NetworkStream stream, HubAnswer answer)
    {
        StringBuilder head = new(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} x\r\nConnection: close\r\n"));
        foreach ((string name, string value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (!answer.WithoutLength)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n");
        }

        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), stop.Token);
        await stream.WriteAsync(answer.Body.AsMemory(0, Math.Min(answer.Body.Length, answer.CutAfter ?? int.MaxValue)), stop.Token);
        await stream.FlushAsync(stop.Token);
        if (answer.Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop.Token);
        }
    }
}
