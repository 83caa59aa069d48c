using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Testing;
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
        Assert.DoesNotContain(
            "secret", Assert.Throws<InvalidDataException>(() => ChatEndpoint.ParseUrl(url)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("gpt-4", "gpt-4", true)]
    [InlineData("gpt-4", "gpt-4-0613", true)]
    [InlineData("gpt-4-turbo", "gpt-4-turbo-2024-04-09", true)]
    [InlineData("claude-x", "claude-x-20241022", true)]
    [InlineData("gpt-4", "gpt-4-turbo-2024-04-09", false)]
    [InlineData("gpt-4", "gpt-4-mini", false)]
    [InlineData("gpt-4", "gpt-40613", false)]
    [InlineData("gpt-4-turbo-2024-04-09", "gpt-4-turbo", false)]
    public void A_dated_version_is_the_model_and_another_size_is_not(string asked, string answered, bool same) =>
        Assert.Equal(same, new ChatEndpoint(ChatEndpoint.OpenAi, asked).IsModel(answered));

    [Theory]
    [InlineData("https://api.openai.com/v1", true)]
    [InlineData("https://API.openai.com:443/other", true)]
    [InlineData("http://api.openai.com/v1", false)]
    [InlineData("https://api.openai.com.example.org/v1", false)]
    [InlineData("https://api.openai.com:8443/v1", false)]
    public void OpenAi_is_an_address_that_keeps_a_key_secret(string url, bool own) =>
        Assert.Equal(own, ChatEndpoint.IsOpenAi(new Uri(url)));

    [Theory]
    [InlineData("sk-proj-0123456789abcdef")]
    [InlineData("hf_abcDEF0123456789")]
    public void A_key_in_the_place_of_its_name_is_not_repeated(string key)
    {
        Assert.DoesNotContain(
            key, Assert.Throws<InvalidDataException>(() => ApiKey.FromEnvironment(key)).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(key, Assert.Throws<InvalidDataException>(() => ApiKey.FromFile(key)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_looked_for_in_any_answer()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, new string('k', 160));
        string answer = new('\\', 16 * ChatClient.MaxBytes);
        Assert.Equal(answer, Hang.Guard(() => ApiKey.FromFile(file).Redact(answer)));
        File.Delete(file);
    }

    [Fact]
    public void A_key_is_masked_however_it_is_spelled()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "  sk-a/b\"c+d\n");
        ApiKey key = ApiKey.FromFile(file);
        Assert.Equal(
            "x [key] [key] [key] [key] y", key.Redact("x sk-a/b\"c+d sk-a/b\\u0022c\\u002Bd SK-A%2Fb%22c%2Bd sk-a\\/b\\\\\\\"c+d y"));
        Assert.Equal("[key]", key.ToString());
        File.WriteAllText(file, "two\nlines");
        Assert.DoesNotContain(
            "two",
            Assert.Throws<InvalidDataException>(() => ApiKey.FromFile(file)).Message.Replace(file, "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains(
            "GOODHART_NO_SUCH_KEY is not set",
            Assert.Throws<InvalidDataException>(() => ApiKey.FromEnvironment("GOODHART_NO_SUCH_KEY")).Message,
            StringComparison.Ordinal);
    }
}
