namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>Whether requests go through a proxy: one that is set and forgotten answers in the endpoint's place.</summary>
internal static class ProxyRoute
{
    /// <summary>For the end of a message; empty where requests go straight to the address.</summary>
    public static string Of(Uri address) =>
        HttpClient.DefaultProxy is { } proxy && !proxy.IsBypassed(address) && proxy.GetProxy(address) is { } via && via != address
        ? $" (through the proxy {via.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)} of HTTP_PROXY, HTTPS_PROXY or "
            + $"ALL_PROXY; NO_PROXY={address.Host} leaves it out)"
        : "";
}
