using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>An OpenAI-compatible chat endpoint: OpenAI, vLLM, Ollama, llama.cpp's server. Requests go to
/// <c>BASE/chat/completions</c>.</summary>
/// <param name="BaseUrl">Up to and with <c>/v1</c>; see <see cref="ParseUrl"/>.</param>
/// <param name="Model">As the endpoint names it.</param>
public sealed partial record ChatEndpoint(Uri BaseUrl, string Model)
{
    public static Uri OpenAi { get; } = new("https://api.openai.com/v1");

    public ApiKey Key { get; init; } = ApiKey.None;

    /// <summary>The name that replies must carry, where it is not <see cref="Model"/> or a dated version of it (Model-2024-08-06,
    /// Model-0613).</summary>
    public string? ServedAs { get; init; }

    /// <summary>Longest reply in tokens.</summary>
    public int ReplyTokens { get; init; } = 256;

    /// <summary>Further fields of the request; null removes one. Part of the judge's identity.</summary>
    public JsonObject? Request { get; init; }

    /// <summary>Requests under way at once.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>Of one request, its reply read to the end.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Further tries after 408, 429, 5xx, a time-out, a dropped connection or a broken reply.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>Wait before the first of them, if the endpoint names none; doubled each time, up to a minute, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A longer Retry-After is not waited for: the run ends and can be resumed.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(5);

    internal Uri Address => new(BaseUrl.AbsoluteUri.TrimEnd('/') + "/chat/completions");

    /// <summary>Whether an address is OpenAI's own, by a connection that keeps a key secret.</summary>
    public static bool IsOpenAi(Uri url) =>
        Uri.Compare(url, OpenAi, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <exception cref="InvalidDataException">Not http(s), or with credentials or a query in it, which would end up in files and
    /// messages.</exception>
    public static Uri ParseUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            throw new InvalidDataException("--base-url: expected an address such as http://localhost:8000/v1 (http or https).");
        }

        return url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
            ? url
            : throw new InvalidDataException(
                $"--base-url: {url.GetLeftPart(UriPartial.Scheme)}{url.Authority}{url.AbsolutePath} was given with credentials, "
                    + $"a query or a fragment; "
                + "give the key by --key-env or --key-file and the address alone.");
    }

    /// <summary>Whether a reply's model is the one that was asked.</summary>
    internal bool IsModel(string answered) => ServedAs is { } name
        ? answered == name
        : answered == Model || (answered.StartsWith(Model, StringComparison.Ordinal) && Date().IsMatch(answered.AsSpan(Model.Length)));

    // gpt-4-turbo is no version of gpt-4; gpt-4-0613 is.
    [GeneratedRegex(@"^-([0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2})$")]
    private static partial Regex Date();
}
