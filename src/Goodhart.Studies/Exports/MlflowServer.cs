using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Goodhart.Studies.Exports;

/// <summary>MLflow's REST interface, version 2.0: what of it an export needs.</summary>
/// <remarks>https://mlflow.org/docs/latest/rest-api.html. Credentials are those of MLflow's own client: MLFLOW_TRACKING_TOKEN, or
/// MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD; they are never printed.</remarks>
public sealed class MlflowServer : IDisposable
{
    private const int Attempts = 4;

    private readonly Uri address;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly Func<TimeSpan, CancellationToken, Task> wait;

    /// <param name="address">Of the tracking server.</param>
    /// <param name="wait">Lets time pass between tries.</param>
    public MlflowServer(Uri address, Func<TimeSpan, CancellationToken, Task> wait)
    {
        (this.address, this.wait) = (new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), wait);
        http.DefaultRequestHeaders.Authorization = Credentials();
    }

    /// <param name="path">After <c>mlflow/</c>.</param>
    /// <param name="body">Null: a GET.</param>
    /// <param name="done">
    /// Asked before another try of what may not be done twice: what the last try has made, where its answer alone was lost; null: a second
    /// time changes nothing.
    /// </param>
    /// <returns>Null where there is no such thing, and the request was a GET.</returns>
    /// <exception cref="TrackingException">The server refuses, or cannot be reached to the last try.</exception>
    public async Task<JsonNode?> AskAsync(
        string path, JsonObject? body, CancellationToken cancel, Func<Task<JsonNode?>>? done = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            string trouble;
            try
            {
                using HttpRequestMessage request = new(
                    body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(address, "api/2.0/mlflow/" + path))
                {
                    Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
                };
                using HttpResponseMessage response = await http.SendAsync(request, cancel).ConfigureAwait(false);
                string text = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return JsonNode.Parse(text) ?? throw Refused(path, response, text);
                }

                if (body is null && response.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }

                if ((int)response.StatusCode < 500 && response.StatusCode != HttpStatusCode.TooManyRequests)
                {
                    throw Refused(path, response, text);
                }

                trouble = $"{(int)response.StatusCode} {response.ReasonPhrase}";
            }
            catch (Exception cause)
                when (cause is HttpRequestException || (cause is TaskCanceledException && !cancel.IsCancellationRequested))
            {
                trouble = cause.Message;
            }
            catch (System.Text.Json.JsonException cause)
            {
                throw new TrackingException($"{address}: the answer to {path} is no JSON ({cause.Message}). Is this an MLflow server?");
            }

            if (attempt == Attempts)
            {
                throw new TrackingException(
                    $"{address}: {path} failed {Attempts} times, at last with: {trouble}. Is the server there? What it has got is kept; "
                        + "the same command goes on.");
            }

            await wait(TimeSpan.FromSeconds(1 << attempt), cancel).ConfigureAwait(false);
            if (done is not null && await done().ConfigureAwait(false) is { } made)
            {
                return made;
            }
        }
    }

    public void Dispose() => http.Dispose();

    private TrackingException Refused(string path, HttpResponseMessage response, string text)
    {
        const int most = 300;
        string said = text.Length > most ? text[..most] + "…" : text;
        return new TrackingException($"{address}: {path} was refused with {(int)response.StatusCode}: {said.ReplaceLineEndings(" ")}");
    }

    private static AuthenticationHeaderValue? Credentials()
    {
        if (Environment.GetEnvironmentVariable("MLFLOW_TRACKING_TOKEN") is { Length: > 0 } token)
        {
            return new AuthenticationHeaderValue("Bearer", token);
        }

        string? user = Environment.GetEnvironmentVariable("MLFLOW_TRACKING_USERNAME");
        byte[] pair = Encoding.UTF8.GetBytes($"{user}:{Environment.GetEnvironmentVariable("MLFLOW_TRACKING_PASSWORD")}");
        return string.IsNullOrEmpty(user) ? null : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair));
    }
}

/// <summary>A tracker of experiments refuses, or cannot be reached.</summary>
public sealed class TrackingException(string message) : Exception(message);
