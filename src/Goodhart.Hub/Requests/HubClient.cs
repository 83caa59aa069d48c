using System.Net;
using System.Net.Http.Headers;
using Goodhart.Hub.Names;

namespace Goodhart.Hub.Requests;

/// <summary>Asks the hub: with the user's token, through proxies, following redirects, and again where that can help.</summary>
/// <remarks>
/// Redirects are followed here, for the token goes to the hub and to nobody else: the storage that files come from is another host.
/// Proxies are those of the environment (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY).
/// </remarks>
public sealed class HubClient : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HttpClient http;
    private readonly HubSettings settings;
    private readonly Uri endpoint;
    private readonly HubToken? token;
    private readonly Func<TimeSpan, CancellationToken, Task> wait;

    /// <param name="agent">Name and version of the program, as the hub is told.</param>
    /// <param name="wait">Lets time pass between tries.</param>
    /// <exception cref="HubRefusedException">The environment forbids requests, or its endpoint or token cannot be used.</exception>
    public HubClient(HubSettings settings, string agent, Func<TimeSpan, CancellationToken, Task> wait)
    {
        if (settings.OfflineBy is { } variable)
        {
            throw new HubRefusedException($"{variable} is set, which forbids every request: unset it to fetch something.");
        }

        endpoint = Uri.TryCreate(settings.Endpoint, UriKind.Absolute, out Uri? address) && IsWeb(address)
            ? address
            : throw new HubRefusedException(
                $"HF_ENDPOINT: expected an address such as https://huggingface.co, found '{settings.Endpoint}'.");
        token = HubToken.Of(settings);
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = settings.Timeout })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
        (this.settings, this.wait) = (settings, wait);
    }

    /// <summary>Is told why the client waits, and how long.</summary>
    public Action<string, TimeSpan>? Waiting { get; set; }

    /// <summary>How long an answer, or the next piece of one, may take.</summary>
    public TimeSpan Patience => settings.Timeout;

    /// <summary>An address below the hub's own.</summary>
    public Uri At(string place) => new($"{settings.Endpoint}/{place}");

    /// <summary>Asks until there is an answer: success, or 416 where a range lies past the end.</summary>
    /// <param name="place">What is asked for, for messages.</param>
    /// <param name="from">The first byte that is wanted.</param>
    /// <exception cref="HubRefusedException">The hub refuses.</exception>
    /// <exception cref="HubUnavailableException">It cannot be reached, or answers with errors of its own, to the last try.</exception>
    public async Task<HttpResponseMessage> GetAsync(HubName name, Uri address, string place, long from, CancellationToken cancel)
    {
        for (int attempt = 0; ; attempt++)
        {
            HttpResponseMessage response;
            try
            {
                response = await FollowAsync(address, from, cancel).ConfigureAwait(false);
            }
            catch (HttpRequestException failure) when (IsFinal(failure))
            {
                throw Unreachable(failure);
            }
            catch (Exception failure) when (failure is HttpRequestException or TimeoutException)
            {
                if (attempt == RetryRule.Most)
                {
                    throw Unreachable(failure);
                }

                await PauseAsync(failure.Message, RetryRule.Pause(attempt), cancel).ConfigureAwait(false);
                continue;
            }

            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return response;
            }

            using (response)
            {
                if (attempt == RetryRule.Most || !(RetryRule.Allows(response.StatusCode) || IsExpiredLink(response)))
                {
                    throw await HubErrors.OfAsync(response, name, place, settings, token, cancel).ConfigureAwait(false);
                }

                await PauseAsync(
                    FormattableString.Invariant($"{response.RequestMessage!.RequestUri!.Host} answers {(int)response.StatusCode}"),
                    RetryRule.Pause(attempt, response), cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits, and says why.</summary>
    internal Task PauseAsync(string reason, TimeSpan pause, CancellationToken cancel)
    {
        Waiting?.Invoke(reason, pause);
        return wait(pause, cancel);
    }

    internal bool IsHub(Uri address) => address.Scheme == endpoint.Scheme && address.Host == endpoint.Host && address.Port == endpoint.Port;

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> FollowAsync(Uri address, long from, CancellationToken cancel)
    {
        bool trusted = true;
        for (int hop = 0; hop <= MostRedirects; hop++)
        {
            trusted &= IsHub(address);   // once away, a redirect back is somebody else's
            HttpResponseMessage response = await SendAsync(address, trusted, from, cancel).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } next)
            {
                return response;
            }

            response.Dispose();
            address = Uri.TryCreate(address, next, out Uri? target) && IsWeb(target)
                ? target
                : throw new HubUnavailableException($"{endpoint.Host} leads to an address that is none of the web.");
        }

        throw new HubUnavailableException(FormattableString.Invariant($"{endpoint.Host} redirects more than {MostRedirects} times."));
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, bool trusted, long from, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");   // ranges and lengths are those of the file
        if (trusted && token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        }

        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(settings.Timeout);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException(
                FormattableString.Invariant($"no answer from {address.Host} within {settings.Timeout.TotalSeconds} s"));
        }
    }

    private HubUnavailableException Unreachable(Exception failure) => new(
        $"{settings.Endpoint} cannot be reached: {failure.Message.TrimEnd('.')}. Check the network, HTTPS_PROXY and HF_ENDPOINT, and "
            + "run the same "
        + "command again, which goes on where it was.",
        failure);

    /// <summary>The storage's link is good for an hour or so; the hub gives another.</summary>
    private bool IsExpiredLink(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.Forbidden && !IsHub(response.RequestMessage!.RequestUri!);

    private static bool IsFinal(HttpRequestException failure) => failure.HttpRequestError
        is HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError or HttpRequestError.SecureConnectionError;

    internal static bool IsWeb(Uri address) => address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps;
}
