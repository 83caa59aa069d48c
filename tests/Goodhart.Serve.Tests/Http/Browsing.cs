using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Goodhart.Serve.Http;
using Goodhart.Serve.Tests.Written;

namespace Goodhart.Serve.Tests.Http;

/// <summary>A server in this process, and requests to it as a test words them.</summary>
internal sealed class Browsing(StudyServer server) : IAsyncDisposable
{
    private readonly HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });

    public Uri Address => server.Address;

    public Uri Entry => server.Entry;

    public static async Task<Browsing> StartAsync(WrittenStudy study, Func<ServeOptions, ServeOptions>? change = null)
    {
        ServeOptions options = new() { Directory = study.Folder, Port = 0, Interval = TimeSpan.FromMilliseconds(1) };
        return new Browsing(await StudyServer.StartAsync(change?.Invoke(options) ?? options, CancellationToken.None));
    }

    /// <param name="path">As it goes over the wire: nothing is tidied up.</param>
    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        Uri address = new($"http://127.0.0.1:{Address.Port}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        return await SendAsync(request, headers);
    }

    public async Task<HttpResponseMessage> PostAsync(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Address, path)) { Content = new StringContent("") };
        return await SendAsync(request, []);
    }

    public async Task<JsonNode> JsonAsync(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
