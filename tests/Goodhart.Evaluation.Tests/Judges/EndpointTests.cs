using Goodhart.Evaluation.Judges.Chat;
using Xunit;

namespace Goodhart.Evaluation.Tests.Judges;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("https://user:secret@host/v1")]
    [InlineData("https://host/v1?api-key=secret")]
    [InlineData("file:///secret")]
    [InlineData("secret")]
    public void An_address_with_credentials_is_refused_without_being_repeated(string url) =>
        Assert.DoesNotContain("secret", Assert.Throws<InvalidDataException>(() => ChatEndpoint.ParseUrl(url)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_key_is_masked_however_it_is_spelled()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "  sk-a/b\"c+d\n");
        ApiKey key = ApiKey.FromFile(file);
        Assert.Equal("x [key] [key] [key] [key] y", key.Redact("x sk-a/b\"c+d sk-a/b\\u0022c\\u002Bd SK-A%2Fb%22c%2Bd sk-a\\/b\\\\\\\"c+d y"));
        Assert.Equal("[key]", key.ToString());
        File.WriteAllText(file, "two\nlines");
        Assert.DoesNotContain("two", Assert.Throws<InvalidDataException>(() => ApiKey.FromFile(file)).Message.Replace(file, "", StringComparison.Ordinal), StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains("GOODHART_NO_SUCH_KEY is not set", Assert.Throws<InvalidDataException>(() => ApiKey.FromEnvironment("GOODHART_NO_SUCH_KEY")).Message, StringComparison.Ordinal);
    }
}
