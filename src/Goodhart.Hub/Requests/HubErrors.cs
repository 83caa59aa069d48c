using System.Net;
using System.Text.Json;
using Goodhart.Hub.Names;

namespace Goodhart.Hub.Requests;

/// <summary>What an answer that is none means, and what to do about it.</summary>
internal static class HubErrors
{
    private const int LongestText = 300;

    /// <param name="token">That was sent; null: none was.</param>
    /// <param name="place">What was asked for, for messages.</param>
    public static async Task<Exception> OfAsync(
        HttpResponseMessage response, HubName name, string place, HubSettings settings, HubToken? token, CancellationToken cancel)
    {
        string code = Header(response, "X-Error-Code") ?? "";
        string said = Clean(
            Header(response, "X-Error-Message") ?? await BodyAsync(response, settings.Timeout, cancel).ConfigureAwait(false));
        string page = $"{settings.Endpoint}/{name.Place}";
        string what = name.Kind == RepoKind.Model ? "model" : "data set";
        string quoted = said.Length > 0 ? $" ({said})" : "";
        return (int)response.StatusCode switch
        {
            _ when code == "RevisionNotFound" => new HubRefusedException(
                $"{name.Id} has no revision {name.Revision}: expected a branch, a tag or a whole commit of it; see {page}/tree/main."),
            _ when code == "EntryNotFound" => new HubRefusedException($"{name} has no file {place}{quoted}."),
            401 when code == "GatedRepo" => new HubRefusedException(
                $"{name.Id} is gated: accept its terms at {page}, then set HF_TOKEN to a token of your account, or put it into "
                    + $"{settings.TokenFile}."),
            403 when code == "GatedRepo" => new HubRefusedException(
                $"{name.Id} is gated and the account of your token ({token}) is not admitted: ask for access at {page}."),
            401 when token is not null => new HubRefusedException(
                $"{settings.Endpoint} refuses the token of {token}{quoted}: put a valid one there, or remove it for what is public."),
            401 or 404 when token is null => new HubRefusedException(
                $"{settings.Endpoint} has no {what} {name.Id}, or it is private: check the name; for a private one set HF_TOKEN, or put a "
                    + $"token into {settings.TokenFile}."),
            404 => new HubRefusedException(
                $"{settings.Endpoint} has no {what} {name.Id} that the account of your token ({token}) may see: check the name and "
                    + "the account."),
            403 => new HubRefusedException(
                $"{settings.Endpoint} refuses {name.Id}{quoted}: it is disabled, or the token does not allow to read it."),
            429 => new HubUnavailableException(
                $"{settings.Endpoint} limits its rate{quoted}: wait some minutes and run the same command again, which goes on "
                    + "where it was."),
            int status => new HubUnavailableException(
                FormattableString.Invariant($"{response.RequestMessage!.RequestUri!.Host} answers {status} for {place}{quoted}: ")
                + "run the same command again later, which goes on where it was."),
        };
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;

    /// <summary>The key <c>error</c> of a JSON body; nothing of any other, or of one that does not come.</summary>
    private static async Task<string> BodyAsync(HttpResponseMessage response, TimeSpan longest, CancellationToken cancel)
    {
        if (response.StatusCode == HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            return "";
        }

        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(longest);
        try
        {
            using JsonDocument body = JsonDocument.Parse(
                await response.Content.ReadAsStringAsync(patience.Token).ConfigureAwait(false));
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("error", out JsonElement error)
                && error.ValueKind == JsonValueKind.String ? error.GetString()! : "";
        }
        catch (Exception broken) when (!cancel.IsCancellationRequested
            && broken is JsonException or IOException or HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>Of others: short, on one line, and nothing that a terminal would obey.</summary>
    private static string Clean(string text)
    {
        string plain = string.Concat(text.Trim().TrimEnd('.').Select(character => char.IsControl(character) ? ' ' : character));
        return plain.Length > LongestText ? plain[..LongestText] + "…" : plain;
    }
}
