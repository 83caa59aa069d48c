using System.Net;

namespace Goodhart.Serve.Http;

/// <summary>What is shown, and where.</summary>
public sealed record ServeOptions
{
    /// <summary>A study's folder.</summary>
    public required string Directory { get; init; }

    /// <summary>Anything but this machine's own address needs a token.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0: one that is free.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>How often the folder is read while somebody watches.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);
}
