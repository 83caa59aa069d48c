using Xunit;

namespace Goodhart.Hub.Tests;

/// <summary>The variables of the hub's own client.</summary>
public sealed class HubSettingsTests
{
    private static readonly string Home = Path.GetFullPath("/home/ann");

    [Theory]
    [InlineData("", "~/.cache/huggingface/hub", "~/.cache/huggingface/token")]
    [InlineData("XDG_CACHE_HOME=/x", "/x/huggingface/hub", "/x/huggingface/token")]
    [InlineData("XDG_CACHE_HOME=/x HF_HOME=/h", "/h/hub", "/h/token")]
    [InlineData("HF_HOME=/h HF_HUB_CACHE=/c", "/c", "/h/token")]
    [InlineData("HUGGINGFACE_HUB_CACHE=/old", "/old", "~/.cache/huggingface/token")]
    [InlineData("HUGGINGFACE_HUB_CACHE=/old HF_HUB_CACHE=/c HF_TOKEN_PATH=/t/x", "/c", "/t/x")]
    [InlineData("HF_HOME=~/h", "~/h/hub", "~/h/token")]
    [InlineData("BASE=/b HF_HOME=$BASE/h HF_HUB_CACHE=${BASE}/c", "/b/c", "/b/h/token")]
    [InlineData("HF_HOME= HF_HUB_CACHE=", "~/.cache/huggingface/hub", "~/.cache/huggingface/token")]
    public void Folders_are_where_the_client_has_them(string set, string cache, string token)
    {
        HubSettings settings = Of(set);
        Assert.Equal((At(cache), At(token)), (settings.CacheFolder, settings.TokenFile));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("HF_HUB_OFFLINE=1", "HF_HUB_OFFLINE")]
    [InlineData("HF_HUB_OFFLINE=true", "HF_HUB_OFFLINE")]
    [InlineData("HF_HUB_OFFLINE=0 TRANSFORMERS_OFFLINE=1", null)]
    [InlineData("TRANSFORMERS_OFFLINE=Yes", "TRANSFORMERS_OFFLINE")]
    [InlineData("HF_HUB_OFFLINE= TRANSFORMERS_OFFLINE=on", "TRANSFORMERS_OFFLINE")]
    public void It_is_offline_by_either_variable(string set, string? by) => Assert.Equal(by, Of(set).OfflineBy);

    [Fact]
    public void The_rest_has_the_clients_defaults()
    {
        HubSettings settings = Of("");
        Assert.Equal(
            ("https://huggingface.co", null, false, TimeSpan.FromSeconds(10), false),
            (settings.Endpoint, settings.GivenToken, settings.Anonymous, settings.Timeout, settings.WithoutLinks));
        settings = Of(
            "HF_ENDPOINT=https://mirror.test/hub/ HF_TOKEN=\thf_x\n HF_HUB_DISABLE_IMPLICIT_TOKEN=1 HF_HUB_DOWNLOAD_TIMEOUT=2.5 "
                + "HF_HUB_DISABLE_SYMLINKS=1");
        Assert.Equal(
            ("https://mirror.test/hub", "hf_x", true, TimeSpan.FromSeconds(2.5), true),
            (settings.Endpoint, settings.GivenToken, settings.Anonymous, settings.Timeout, settings.WithoutLinks));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    public void A_time_out_is_a_number_to_those_who_fetch(string text)
    {
        HubSettings settings = Of($"HF_HUB_DOWNLOAD_TIMEOUT={text}");
        Assert.Equal(At("~/.cache/huggingface/hub"), settings.CacheFolder);
        Assert.Contains(
            $"HF_HUB_DOWNLOAD_TIMEOUT: expected seconds, above 0, found '{text}'",
            Assert.Throws<ArgumentException>(() => settings.Timeout).Message, StringComparison.Ordinal);
    }

    private static HubSettings Of(string set)
    {
        Dictionary<string, string> variables = set.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return HubSettings.Of(variables.GetValueOrDefault, Home);
    }

    private static string At(string path) => Path.GetFullPath(path.Replace("~", Home, StringComparison.Ordinal));
}
