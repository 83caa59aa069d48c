using Goodhart.Hub.Names;
using Goodhart.Hub.Requests;
using Goodhart.Testing.Hub;
using Xunit;

namespace Goodhart.Hub.Tests.Pulling;

/// <summary>Who may have what, and where the token goes.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly PullFixture hub = new();

    public AccessTests()
    {
        foreach (HubAccess access in Enum.GetValues<HubAccess>())
        {
            hub.Server.Add(new HubRepository(RepoKind.Model, $"a/{access}") { Access = access }).Commit(PullFixture.Model());
        }
    }

    public void Dispose() => hub.Dispose();

    [Theory]
    [InlineData("a/Public", null)]
    [InlineData("a/Public", HubTokens.Stranger)]
    [InlineData("a/Private", HubTokens.Admitted)]
    [InlineData("a/Gated", HubTokens.Admitted)]
    public async Task Who_may_gets_it_and_the_token_goes_to_the_hub_alone(string name, string? token)
    {
        File.WriteAllText(hub.Settings.TokenFile, token + "\n");
        await hub.PullAsync(name);
        string storage = new Uri(hub.Server.Storage).Authority;
        Assert.Contains(hub.Server.Requests, request => request.Host == storage);
        Assert.All(hub.Server.Requests, request => Assert.Equal(request.Host == storage ? null : token, request.Token));
    }

    [Theory]
    [InlineData("a/Private", null, "has no model a/Private, or it is private: check the name; for a private one set HF_TOKEN")]
    [InlineData("a/Private", HubTokens.Stranger, "has no model a/Private that the account of your token (HF_TOKEN) may see")]
    [InlineData("a/Nothing", null, "has no model a/Nothing, or it is private")]
    [InlineData("a/Nothing", HubTokens.Admitted, "has no model a/Nothing that the account of your token (HF_TOKEN) may see")]
    [InlineData("a/Gated", null, "a/Gated is gated: accept its terms at ")]
    [InlineData(
        "a/Gated", HubTokens.Stranger, "a/Gated is gated and the account of your token (HF_TOKEN) is not admitted: ask for access at ")]
    [InlineData(
        "a/Public", "hf_secret", "refuses the token of HF_TOKEN (Invalid credentials in Authorization header): put a valid one there")]
    [InlineData("a/Public", "hf se", "HF_TOKEN: expected one token of the hub, found text with blanks")]
    [InlineData("a/Public@v9", null, "a/Public has no revision v9: expected a branch, a tag or a whole commit")]
    public async Task Who_may_not_is_told_why_and_what_to_do(string name, string? token, string says)
    {
        hub.Settings = hub.Settings with { GivenToken = token };
        HubRefusedException refused = await Assert.ThrowsAsync<HubRefusedException>(() => hub.PullAsync(name));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.True(token is null || !refused.Message.Contains(token, StringComparison.Ordinal), refused.Message);
        Assert.DoesNotContain(hub.Cache(), line => line.Contains("refs", StringComparison.Ordinal));
        Assert.Empty(hub.Pauses);
    }

    [Fact]
    public async Task A_token_is_not_sent_where_the_user_wants_none()
    {
        hub.Settings = hub.Settings with { GivenToken = HubTokens.Admitted, Anonymous = true };
        await hub.PullAsync("a/Public");
        Assert.All(hub.Server.Requests, request => Assert.Null(request.Token));
    }

    [Fact]
    public async Task Nor_back_to_the_hub_once_it_led_away()
    {
        hub.Settings = hub.Settings with { GivenToken = HubTokens.Admitted };
        hub.Server.Change = (request, answer) => request.Path == "/x" ? new HubAnswer(302, "").With("Location", $"{hub.Server.Endpoint}/y")
            : request.Path.Contains("/revision/", StringComparison.Ordinal)
            ? new HubAnswer(302, "").With("Location", $"{hub.Server.Storage}/x")
            : answer;
        await Assert.ThrowsAsync<HubRefusedException>(() => hub.PullAsync("a/Public"));
        Assert.Equal([HubTokens.Admitted, null, null], hub.Server.Requests.Select(request => request.Token));
    }

    [Fact]
    public async Task Endless_redirects_end()
    {
        hub.Server.Change = (request, answer) => new HubAnswer(302, "").With("Location", request.Target);
        Assert.Contains(
            "redirects more than 10 times",
            (await Assert.ThrowsAsync<HubUnavailableException>(() => hub.PullAsync("a/Public"))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://x.test/y")]
    [InlineData("http://[x")]
    [InlineData("//[x")]
    [InlineData("http://")]
    public async Task An_address_that_is_none_is_not_followed(string address)
    {
        hub.Server.Change = (request, answer) => request.Path.Contains("/tree/", StringComparison.Ordinal)
            ? answer.With("Link", $"<{address}>; rel=\"next\"")
            : answer;
        Assert.Contains(
            "the hub's answer cannot be used: expected the address of the next page",
            (await Assert.ThrowsAsync<HubUnavailableException>(() => hub.PullAsync("a/Public"))).Message,
            StringComparison.Ordinal);
        hub.Server.Change = (_, _) => new HubAnswer(302, "").With("Location", address);
        await Assert.ThrowsAsync<HubUnavailableException>(() => hub.PullAsync("a/Public"));
    }

    [Fact]
    public async Task Offline_nothing_is_asked()
    {
        hub.Settings = hub.Settings with { OfflineBy = "HF_HUB_OFFLINE" };
        Assert.StartsWith(
            "HF_HUB_OFFLINE is set, which forbids every request",
            (await Assert.ThrowsAsync<HubRefusedException>(() => hub.PullAsync("a/Public"))).Message,
            StringComparison.Ordinal);
        Assert.Empty(hub.Server.Requests);
        Assert.Empty(hub.Cache());
    }

    [Fact]
    public async Task An_endpoint_is_an_address()
    {
        hub.Settings = hub.Settings with { Endpoint = "ftp://x" };
        Assert.StartsWith(
            "HF_ENDPOINT: expected an address",
            (await Assert.ThrowsAsync<HubRefusedException>(() => hub.PullAsync("a/Public"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_is_a_time_out_a_number()
    {
        hub.Settings = hub.Settings with { TimeoutText = "soon" };
        await Assert.ThrowsAsync<ArgumentException>(() => hub.PullAsync("a/Public"));
        Assert.Empty(hub.Server.Requests);
    }

    [Fact]
    public async Task Nobody_there_is_told_after_some_tries()
    {
        string nowhere = hub.Server.Address;
        await hub.Server.DisposeAsync();
        hub.Settings = hub.Settings with { Endpoint = nowhere };
        HubUnavailableException down = await Assert.ThrowsAsync<HubUnavailableException>(() => hub.PullAsync("a/Public"));
        Assert.StartsWith($"{nowhere} cannot be reached:", down.Message, StringComparison.Ordinal);
        Assert.Equal(5, hub.Pauses.Count);
    }

    [Theory]
    [InlineData("../escape.json")]
    [InlineData("a/../../x.json")]
    [InlineData("/etc/x.json")]
    [InlineData("a\\b.json")]
    public async Task A_list_that_leads_out_of_the_cache_is_refused(string path)
    {
        Dictionary<string, byte[]> files = PullFixture.Model();
        files[path] = [1];
        hub.Server.Add(new HubRepository(RepoKind.Model, "a/evil")).Commit(files);
        Assert.Contains(
            "the hub's answer cannot be used",
            (await Assert.ThrowsAsync<HubUnavailableException>(() => hub.PullAsync("a/evil"))).Message,
            StringComparison.Ordinal);
        Assert.Empty(hub.Cache());
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"sha\": \"main\"}")]
    public async Task An_answer_that_is_none_is_refused(string body)
    {
        hub.Server.Change = (_, _) => new HubAnswer(200, body);
        Assert.Contains(
            "the hub's answer cannot be used",
            (await Assert.ThrowsAsync<HubUnavailableException>(() => hub.PullAsync("a/Public"))).Message,
            StringComparison.Ordinal);
    }
}
