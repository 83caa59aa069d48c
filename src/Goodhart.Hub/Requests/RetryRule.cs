using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Goodhart.Hub.Requests;

/// <summary>Which answers are asked for again, and after how long, as the hub's own client does it.</summary>
internal static partial class RetryRule
{
    /// <summary>Further tries after the first.</summary>
    public const int Most = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    public static bool Allows(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>One second, doubling.</summary>
    /// <param name="attempt">0 after the first try.</param>
    public static TimeSpan Pause(int attempt) => TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, attempt)));

    /// <summary>What the hub asks for where it limits its rate, else <see cref="Pause(int)"/>.</summary>
    public static TimeSpan Pause(int attempt, HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.TooManyRequests ? UntilReset(response) ?? Asked(response.Headers.RetryAfter) ?? Pause(attempt)
        : Pause(attempt);

    /// <summary><c>RateLimit: "resolvers";r=0;t=55</c>: nothing remains, and in 55 seconds there is more.</summary>
    private static TimeSpan? UntilReset(HttpResponseMessage response) =>
        response.Headers.TryGetValues("RateLimit", out IEnumerable<string>? values)
        && Limit().Match(string.Join(',', values)) is { Success: true } limit && limit.Groups[1].Value == "0"
            ? TimeSpan.FromSeconds(int.Parse(limit.Groups[2].Value, CultureInfo.InvariantCulture) + 1)
            : null;

    private static TimeSpan? Asked(RetryConditionHeaderValue? after) => after?.Delta;

    [GeneratedRegex(@";\s*r=(\d{1,9})\s*;\s*t=(\d{1,6})")]
    private static partial Regex Limit();
}
