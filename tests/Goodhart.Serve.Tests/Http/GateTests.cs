using System.Net;
using Goodhart.Serve.Http;
using Goodhart.Serve.Tests.Written;
using Xunit;

namespace Goodhart.Serve.Tests.Http;

public sealed class GateTests : IDisposable
{
    private readonly WrittenStudy study = new(0);

    public void Dispose() => study.Dispose();

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("localhost:9000", HttpStatusCode.OK)]   // a tunnel has a port of its own
    [InlineData("127.0.0.1:1", HttpStatusCode.OK)]
    [InlineData("[::1]:80", HttpStatusCode.OK)]
    [InlineData("rebound.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.rebound.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.rebound.example", HttpStatusCode.Forbidden)]
    [InlineData("10.1.2.3", HttpStatusCode.Forbidden)]
    public async Task A_name_that_is_not_the_servers_is_refused(string host, HttpStatusCode expected)
    {
        await using Browsing browsing = await Browsing.StartAsync(study);
        Assert.Equal(expected, (await browsing.GetAsync("/api/study", ("Host", host))).StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", "/", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", "/api/study", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", "/api/study", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", "/app.js", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", "/api/study", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site", "none", "/", HttpStatusCode.OK)]
    public async Task A_page_of_somebody_else_gets_nothing(string header, string value, string path, HttpStatusCode expected)
    {
        await using Browsing browsing = await Browsing.StartAsync(study);
        Assert.Equal(expected, (await browsing.GetAsync(path, (header, value))).StatusCode);
    }

    [Fact]
    public async Task A_link_from_elsewhere_leads_to_the_page_and_to_nothing_else()
    {
        await using Browsing browsing = await Browsing.StartAsync(study);
        (string, string)[] visit = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
        Assert.Equal(HttpStatusCode.OK, (await browsing.GetAsync("/", visit)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browsing.GetAsync("/files/prompts.jsonl", visit)).StatusCode);
        Assert.Equal(
            HttpStatusCode.OK, (await browsing.GetAsync("/api/study", ("Origin", $"http://127.0.0.1:{browsing.Address.Port}"))).StatusCode);
    }

    [Fact]
    public async Task Nothing_can_be_written()
    {
        await using Browsing browsing = await Browsing.StartAsync(study);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browsing.PostAsync("/api/study")).StatusCode);
    }

    [Fact]
    public async Task Here_no_token_is_asked_for_and_elsewhere_one_is()
    {
        await using Browsing here = await Browsing.StartAsync(study);
        Assert.Equal(here.Address, here.Entry);

        await using Browsing open = await Browsing.StartAsync(study, options => options with { Address = IPAddress.Any });
        string token = open.Entry.Query["?token=".Length..];
        Assert.Matches("^[0-9a-f]{64}$", token);
        string almost = token[..^1] + (token[^1] == '0' ? '1' : '0');
        foreach (string path in (string[])["/", "/app.js", "/api/study", "/api/events", "/files/prompts.jsonl", $"/?token={almost}", $"/api/study?token={token}"])
        {
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, (await open.GetAsync(path)).StatusCode));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await open.GetAsync("/api/study", ("Authorization", "Bearer " + almost))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await open.GetAsync("/api/study", ("Authorization", "Bearer " + token))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await open.GetAsync("/", ("Host", "rebound.example"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await open.GetAsync(open.Entry.PathAndQuery, ("Host", "rebound.example"))).StatusCode);
    }

    [Fact]
    public async Task The_token_moves_from_the_address_into_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        await using Browsing open = await Browsing.StartAsync(study, options => options with { Address = IPAddress.Any });
        HttpResponseMessage arrival = await open.GetAsync(open.Entry.PathAndQuery);
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (arrival.StatusCode, arrival.Headers.Location!.OriginalString));
        string cookie = Assert.Single(arrival.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await open.GetAsync("/", ("Cookie", cookie.Split(';')[0]))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await open.GetAsync("/", ("Cookie", cookie.Split(';')[0]), ("Host", Dns.GetHostName()))).StatusCode);
    }

    [Fact]
    public async Task Two_servers_have_two_tokens()
    {
        await using Browsing one = await Browsing.StartAsync(study, options => options with { Address = IPAddress.Any });
        await using Browsing other = await Browsing.StartAsync(study, options => options with { Address = IPAddress.Any });
        Assert.NotEqual(one.Entry.Query, other.Entry.Query);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync(one.Entry.PathAndQuery)).StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_served_is_said_plainly()
    {
        string foreign = Path.GetDirectoryName(study.Folder)!;
        InvalidDataException other = await Assert.ThrowsAsync<InvalidDataException>(
            () => StudyServer.StartAsync(new ServeOptions { Directory = foreign }, CancellationToken.None));
        Assert.Contains("was not made by goodhart", other.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(
            () => StudyServer.StartAsync(new ServeOptions { Directory = study.Folder + "x" }, CancellationToken.None));

        await using Browsing first = await Browsing.StartAsync(study);
        InvalidDataException taken = await Assert.ThrowsAsync<InvalidDataException>(
            () => StudyServer.StartAsync(new ServeOptions { Directory = study.Folder, Port = first.Address.Port }, CancellationToken.None));
        Assert.Contains("--port", taken.Message, StringComparison.Ordinal);
    }
}
