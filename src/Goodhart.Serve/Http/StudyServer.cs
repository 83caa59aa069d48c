using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Goodhart.Pipeline;
using Goodhart.Serve.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Goodhart.Serve.Http;

/// <summary>A study's folder as a page that follows it. Reads the folder and writes nothing.</summary>
public sealed class StudyServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly CancellationTokenSource stop;

    private StudyServer(WebApplication application, CancellationTokenSource stop, Uri address, AccessToken? token)
    {
        (this.application, this.stop, Address) = (application, stop, address);
        Entry = token is null ? address : new Uri(address, $"?{Gate.TokenParameter}={token.Text}");
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The same with the token, where one is needed.</summary>
    public Uri Entry { get; }

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder is no study's, or nothing can listen at that address and port.</exception>
    public static async Task<StudyServer> StartAsync(ServeOptions options, CancellationToken cancel)
    {
        string directory = Checked(options.Directory);
        AccessToken? token = IPAddress.IsLoopback(options.Address) ? null : new AccessToken();
        CancellationTokenSource stop = new();
        StudyWatch watch = new(directory, options.Interval, TimeProvider.System);
        StudyPages pages = new(directory, watch, new Gate(options.Address, token), stop.Token);
        WebApplication application = Build(options, pages);
        try
        {
            await application.StartAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception cause) when (Reason(cause) is { } reason)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            stop.Dispose();
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"cannot listen at {options.Address} port {options.Port}: {reason}"), cause);
        }

        return new StudyServer(application, stop, Named(options.Address, new Uri(application.Urls.Single())), token);
    }

    /// <summary>"Every address" is none that a browser could open.</summary>
    private static Uri Named(IPAddress bound, Uri listened) => bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any)
        ? new UriBuilder(listened) { Host = Dns.GetHostName(), Path = "/" }.Uri
        : new Uri(listened, "/");

    /// <summary>Ends all streams, then the server.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await application.StopAsync().ConfigureAwait(false);
        await application.DisposeAsync().ConfigureAwait(false);
        stop.Dispose();
    }

    private static string Checked(string folder)
    {
        string directory = Path.GetFullPath(folder);
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException(
                $"no folder {folder}: expected the folder of a study, finished or running. `goodhart study --out {folder}` makes one.");
        }

        return StudyDirectory.IsOurs(directory) ? directory : throw new InvalidDataException(
            $"{folder} was not made by goodhart (it has no {StudyDirectory.Marker}), so nothing of it is shown. Name a study's folder.");
    }

    private static WebApplication Build(ServeOptions options, StudyPages pages)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 256;
            kestrel.Listen(options.Address, options.Port);
        });
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        WebApplication application = builder.Build();
        application.Run(pages.AnswerAsync);
        return application;
    }

    /// <summary>What to do about it; null: it is nothing of the user's.</summary>
    private static string? Reason(Exception cause) => cause switch
    {
        IOException { InnerException: AddressInUseException } =>
            "something else listens there. Give --port another number, or 0 for any that is free.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            "this machine has no such address. `--address 0.0.0.0` listens at all that it has.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "ports below 1024 are the system's. Give --port a higher number.",
        _ => null,
    };

    /// <summary>Signals are the caller's matter.</summary>
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
