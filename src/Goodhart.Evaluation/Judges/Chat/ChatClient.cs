using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>One request to the endpoint, its reply read whole and bounded. Certificates and redirects are the framework's business.</summary>
internal sealed class ChatClient : IDisposable
{
    /// <summary>A longer answer is none: an endless stream must not fill the memory.</summary>
    public const int MaxBytes = 1 << 20;

    private readonly ChatEndpoint endpoint;
    private readonly HttpClient http;

    public ChatClient(ChatEndpoint endpoint)
    {
        this.endpoint = endpoint;
        http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = endpoint.Concurrency, ConnectTimeout = endpoint.Timeout })
        {
            Timeout = Timeout.InfiniteTimeSpan,   // each request has its own, from its start to the last byte
        };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("goodhart", "1"));
        if (!endpoint.Key.IsNone)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", endpoint.Key.Reveal());
        }
    }

    /// <exception cref="EndpointException">No usable reply; the message has address, status and the beginning of the answer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled from outside.</exception>
    public async Task<ChatReply> SendAsync(string? system, string user, CancellationToken cancel)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(endpoint.Timeout);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, endpoint.Address) { Content = Body(system, user) };
            using HttpResponseMessage response =
                await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            string body = endpoint.Key.Redact(await ReadAsync(response, limit.Token).ConfigureAwait(false));
            return response.IsSuccessStatusCode ? Parse(body) : throw Failure(response, body);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Fault(FailureKind.Transient, FormattableString.Invariant($"no whole reply within {endpoint.Timeout.TotalSeconds:0.###} s"));
        }
        catch (Exception dropped) when (dropped is HttpRequestException or IOException)
        {
            // Not as the cause: what a broken answer quotes of itself could hold the key.
            throw Fault(FailureKind.Transient, endpoint.Key.Redact(Innermost(dropped)));
        }
    }

    public void Dispose() => http.Dispose();

    private ByteArrayContent Body(string? system, string user)
    {
        JsonObject body = new()
        {
            ["model"] = endpoint.Model,
            ["messages"] = new JsonArray([.. system is null ? [] : (JsonNode[])[Message("system", system)], Message("user", user)]),
            ["temperature"] = 0,
            ["max_tokens"] = endpoint.ReplyTokens,
        };
        foreach ((string name, JsonNode? value) in endpoint.Request ?? [])
        {
            body.Remove(name);
            if (value is not null)
            {
                body[name] = value.DeepClone();
            }
        }

        return new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new("application/json") } };
    }

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        using Stream stream = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        using MemoryStream whole = new();
        byte[] buffer = new byte[16384];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
        {
            if (whole.Length + read > MaxBytes)
            {
                throw Fault(FailureKind.Refused, FormattableString.Invariant($"the answer is longer than {MaxBytes:N0} bytes"));
            }

            whole.Write(buffer, 0, read);
        }

        return System.Text.Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
    }

    private ChatReply Parse(string body)
    {
        ChatReply reply;
        try
        {
            JsonNode answer = JsonNode.Parse(body) ?? throw new JsonException("null");
            JsonNode choice = answer["choices"]?[0] ?? throw new JsonException("no choices");
            string text = (choice["message"] ?? throw new JsonException("no message"))["content"]?.GetValue<string>() ?? "";
            reply = new ChatReply(
                endpoint.Key.Redact(text),
                Clean(answer["model"]),
                Clean(choice["finish_reason"]),
                answer["usage"]?["prompt_tokens"]?.GetValue<long>(),
                answer["usage"]?["completion_tokens"]?.GetValue<long>());
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            throw Fault(FailureKind.Transient, $"expected a chat completion, found: {Excerpt(body)}");
        }

        return reply.Model is null || endpoint.IsModel(reply.Model)
            ? reply
            : throw Fault(
                FailureKind.Fatal,
                $"asked for model {endpoint.Model}, but {Excerpt(reply.Model)} answered; name the right --judge-model, or say --served-as {Excerpt(reply.Model)} if that is the one you mean");
    }

    private string? Clean(JsonNode? text) => text is null ? null : endpoint.Key.Redact(text.GetValue<string>());

    private EndpointException Failure(HttpResponseMessage response, string body)
    {
        int status = (int)response.StatusCode;
        FailureKind kind = status switch
        {
            429 when body.Contains("insufficient_quota", StringComparison.Ordinal) => FailureKind.Fatal,   // waiting does not help
            408 or 409 or 425 or 429 or >= 500 => FailureKind.Transient,
            400 or 413 or 422 => FailureKind.Refused,
            _ => FailureKind.Fatal,
        };
        string hint = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => " Check the key (--key-env, --key-file).",
            HttpStatusCode.NotFound => " Check --base-url (it ends with /v1) and --judge-model.",
            _ => "",
        };
        return new EndpointException(
            kind, FormattableString.Invariant($"{endpoint.Address} answered {status} {response.StatusCode}: {Excerpt(body)}{hint}"))
        {
            RetryAfter = response.Headers.RetryAfter switch
            {
                { Delta: { } delta } => delta,
                { Date: { } date } => date - DateTimeOffset.UtcNow,
                _ => null,
            },
        };
    }

    private EndpointException Fault(FailureKind kind, string what) => new(kind, $"{endpoint.Address}: {what}");

    /// <summary>The beginning of a text on one line. The key is out of it before it is cut, so that no part of one is left.</summary>
    private static string Excerpt(string text)
    {
        string line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length == 0 ? "(an empty answer)" : line.Length <= 200 ? line : line[..200] + "...";
    }

    private static string Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error.Message;
}
