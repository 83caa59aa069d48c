using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace Goodhart.Serve.Http;

/// <summary>Decides whether a request is answered at all.</summary>
/// <remarks>
/// A page of somebody else that has its own name point to this machine (DNS rebinding) comes with that name as its host, and one that calls
/// across origins says so: neither is answered. Numeric addresses cannot be made to point elsewhere.
/// </remarks>
/// <param name="bound">The address that is listened on.</param>
/// <param name="token">Null: none is asked for.</param>
internal sealed class Gate(IPAddress bound, AccessToken? token)
{
    public const string TokenParameter = "token";

    private static readonly string[] OwnNames = ["localhost", Environment.MachineName, Dns.GetHostName()];

    /// <summary>The status of a refusal and what it says; null: come in.</summary>
    public (int Status, string Text)? Refusal(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return (StatusCodes.Status405MethodNotAllowed, "Only reading is possible here.");
        }

        if (!IsOwnHost(request.Host))
        {
            return (StatusCodes.Status403Forbidden,
                "This name is not the server's own. Open the address that `goodhart serve` has printed, or the machine's number.");
        }

        if (IsForeign(request))
        {
            return (StatusCodes.Status403Forbidden, "Another page's requests are not answered.");
        }

        return token is null || token.Is(Presented(request)) ? null
            : (StatusCodes.Status401Unauthorized, "A token is needed: open the address that `goodhart serve` has printed.");
    }

    /// <summary>Whether the request brings the token in its address, to be remembered as a cookie.</summary>
    public bool IsArrival(HttpRequest request) =>
        token is not null && request.Path == "/" && token.Is(request.Query[TokenParameter])
        && IsOwnHost(request.Host) && !IsForeign(request);

    /// <summary>Cookies do not know ports: one for each.</summary>
    public static string CookieName(HttpRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"goodhart-{request.HttpContext.Connection.LocalPort}");

    private static string? Presented(HttpRequest request)
    {
        const string scheme = "Bearer ";
        string? header = request.Headers.Authorization;
        return header?.StartsWith(scheme, StringComparison.Ordinal) == true
            ? header[scheme.Length..]
            : request.Cookies[CookieName(request)];
    }

    private bool IsOwnHost(HostString host)
    {
        string name = host.Host.Trim('[', ']');
        return IPAddress.TryParse(name, out IPAddress? address)
            ? !IPAddress.IsLoopback(bound) || IPAddress.IsLoopback(address)
            : OwnNames.Take(IPAddress.IsLoopback(bound) ? 1 : OwnNames.Length).Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsForeign(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        if (origin is not null && origin != $"{request.Scheme}://{request.Host}")
        {
            return true;
        }

        // A link elsewhere may lead to the page, and nothing but a link.
        string? site = request.Headers["Sec-Fetch-Site"];
        bool isVisit = request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
        return site is not (null or "same-origin" or "none") && !(isVisit && request.Path == "/");
    }

    /// <summary>What every answer carries.</summary>
    public static void Protect(HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.CacheControl = "no-store";
    }
}
