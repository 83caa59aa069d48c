using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>One request to the endpoint, its reply read whole and bounded. Certificates are checked by the framework; a redirect is not
/// followed.</summary>
internal sealed class ChatClient : IDisposable
{
    /// <summary>A longer answer is none: an endless stream must not fill the memory.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly ProductInfoHeaderValue Program = new("goodhart", "1");

    private readonly ChatEndpoint endpoint;
    private readonly Uri address;
    private readonly ChatBody body;
    private readonly AuthenticationHeaderValue? authorization;
    private readonly HttpMessageInvoker http;

    public ChatClient(ChatEndpoint endpoint)
    {
        this.endpoint = endpoint;
        address = endpoint.Address;
        body = new ChatBody(endpoint);
        authorization = endpoint.Key.IsNone ? null : new AuthenticationHeaderValue("Bearer", endpoint.Key.Reveal());
        http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = endpoint.Concurrency,
            ConnectTimeout = endpoint.Timeout,
            AllowAutoRedirect = false,   // texts go where the user said
            UseCookies = false,
        });
    }

    /// <exception cref="EndpointException">No usable reply; the message has address, status and the beginning of the answer.</exception>
    public async Task<ChatReply> SendAsync(string? system, string user)
    {
        using CancellationTokenSource limit = new(endpoint.Timeout);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = body.Of(system, user) };
            request.Headers.Authorization = authorization;
            request.Headers.UserAgent.Add(Program);
            using HttpResponseMessage response = await http.SendAsync(request, limit.Token).ConfigureAwait(false);
            ReadOnlyMemory<byte> answer = await ReadAsync(response, limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? Parse(answer) : throw Failure(response, answer);
        }
        catch (OperationCanceledException)
        {
            throw Fault(
                FailureKind.Transient,
                FormattableString.Invariant($"no whole reply within {endpoint.Timeout.TotalSeconds:0.###} s"),
                mayBePaid: true);
        }
        catch (Exception dropped) when (dropped is HttpRequestException or IOException)
        {
            // Not as the cause: what a broken answer quotes of itself could hold the key.
            throw Fault(FailureKind.Transient, endpoint.Key.Redact(Innermost(dropped)), mayBePaid: !NeverArrived(dropped));
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        using Stream stream = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        byte[] answer = new byte[Math.Clamp(response.Content.Headers.ContentLength + 1 ?? 0, 4096, MaxBytes + 1)];
        int length = 0;
        int read;
        while ((read = await stream.ReadAsync(answer.AsMemory(length), cancel).ConfigureAwait(false)) > 0)
        {
            length += read;
            if (length > MaxBytes)
            {
                throw Fault(
                    FailureKind.Refused, FormattableString.Invariant($"the answer is longer than {MaxBytes:N0} bytes"), mayBePaid: true);
            }

            if (length == answer.Length)
            {
                Array.Resize(ref answer, Math.Min(2 * length, MaxBytes + 1));
            }
        }

        return answer.AsMemory(0, length);
    }

    private ChatReply Parse(ReadOnlyMemory<byte> answer)
    {
        ChatReply reply;
        try
        {
            reply = ChatReply.Read(answer, endpoint.Key);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw Fault(FailureKind.Transient, $"expected a chat completion, found: {Excerpt(Text(answer))}", mayBePaid: true);
        }

        return reply.Model is null || endpoint.IsModel(reply.Model)
            ? reply
            : throw Fault(
                FailureKind.Fatal,
                $"asked for model {endpoint.Model}, but {Excerpt(reply.Model)} answered; name the right --judge-model, "
                    + $"or say --served-as {Excerpt(reply.Model)} if that is the one you mean",
                mayBePaid: true);
    }

    /// <summary>Without the key, whatever it is for.</summary>
    private string Text(ReadOnlyMemory<byte> answer) => endpoint.Key.Redact(Encoding.UTF8.GetString(answer.Span));

    private EndpointException Failure(HttpResponseMessage response, ReadOnlyMemory<byte> answer)
    {
        string said = Text(answer);
        int status = (int)response.StatusCode;
        FailureKind kind = status switch
        {
            >= 300 and < 400 => FailureKind.Fatal,
            429 when said.Contains("insufficient_quota", StringComparison.Ordinal) => FailureKind.Fatal,   // waiting does not help
            408 or 409 or 425 or 429 or >= 500 => FailureKind.Transient,
            400 or 413 or 422 => FailureKind.Refused,
            _ => FailureKind.Fatal,
        };
        string hint = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => " Check the key (--key-env, --key-file).",
            HttpStatusCode.NotFound => " Check --base-url (it ends with /v1) and --judge-model; the endpoint may have retired the model.",
            _ when status is >= 300 and < 400 => Moved(response),
            _ => "",
        };
        return new EndpointException(
            kind, FormattableString.Invariant(
                $"{address} answered {status} {response.StatusCode}: {Excerpt(said)}{hint}{ProxyRoute.Of(address)}"))
        {
            RetryAfter = response.Headers.RetryAfter switch
            {
                { Delta: { } delta } => delta,
                // by the endpoint's own clock, where it tells it
                { Date: { } date } => date - (response.Headers.Date ?? DateTimeOffset.UtcNow),
                _ => null,
            },
        };
    }

    /// <summary>Where a redirect points; not followed, since texts and key go to the address that was given alone.</summary>
    private string Moved(HttpResponseMessage response) =>
        $" It points to {Excerpt(endpoint.Key.Redact(response.Headers.Location?.OriginalString ?? ""))}, which is not followed; "
            + $"if that is the right place, give it as --base-url.";

    private EndpointException Fault(FailureKind kind, string what, bool mayBePaid) =>
        new(kind, $"{address}: {what}{ProxyRoute.Of(address)}") { MayBePaid = mayBePaid };

    private static bool NeverArrived(Exception error) => error is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>The beginning of a text on one line. The key is out of it before it is cut, so that no part of one is left.</summary>
    private static string Excerpt(string text)
    {
        string line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length == 0 ? "(an empty answer)" : line.Length <= 200 ? line : line[..200] + "...";
    }

    private static string Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error.Message;
}
