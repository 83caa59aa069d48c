using Goodhart.Hub.Names;
using Xunit;

namespace Goodhart.Hub.Tests.Names;

/// <summary>What is a name of the hub, and what it stands for.</summary>
public sealed class HubNameTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    [Theory]
    [InlineData("EleutherAI/pythia-160m", "EleutherAI/pythia-160m", "main", "models--EleutherAI--pythia-160m")]
    [InlineData("Qwen/Qwen2.5-0.5B@main", "Qwen/Qwen2.5-0.5B", "main", "models--Qwen--Qwen2.5-0.5B")]
    [InlineData("gpt2", "gpt2", "main", "models--gpt2")]
    [InlineData("a/b@refs/pr/1", "a/b", "refs/pr/1", "models--a--b")]
    [InlineData("a/b@v1.0", "a/b", "v1.0", "models--a--b")]
    [InlineData("a/b@step1000", "a/b", "step1000", "models--a--b")]
    [InlineData($"a/b_@{Commit}", "a/b_", Commit, "models--a--b_")]
    public void Names_are_read(string text, string id, string revision, string folder)
    {
        HubName name = HubName.Parse(text, RepoKind.Model);
        Assert.Equal((id, revision, folder), (name.Id, name.Revision, name.Folder));
        Assert.Equal(revision == Commit ? Commit : null, name.Commit);
        Assert.Equal(revision == "main" ? id : text, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("/a/b")]
    [InlineData("./a")]
    [InlineData("../a")]
    [InlineData("a/..")]
    [InlineData("a--b/c")]
    [InlineData("a/b..c")]
    [InlineData("a/b.git")]
    [InlineData("a/-b")]
    [InlineData("a/b-")]
    [InlineData("a\\b")]
    [InlineData("a b/c")]
    [InlineData("ä/b")]
    [InlineData("a/b\n")]
    [InlineData("a/b@")]
    [InlineData("a/b@..")]
    [InlineData("a/b@x/../../y")]
    [InlineData("a/b@/etc")]
    [InlineData("a/b@x//y")]
    [InlineData("a/b@x y")]
    [InlineData("a/b@x\n")]
    [InlineData("a/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456")]
    public void Other_text_is_no_name(string text)
    {
        Assert.Null(HubName.TryParse(text, RepoKind.Model));
        Assert.StartsWith(
            $"'{text}' is no name",
            Assert.Throws<ArgumentException>(() => HubName.Parse(text, RepoKind.Model)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_has_places_of_its_own()
    {
        HubName name = HubName.Parse("trl-lib/tldr", RepoKind.Dataset);
        Assert.Equal(
            ("datasets--trl-lib--tldr", "datasets/trl-lib/tldr", "api/datasets/trl-lib/tldr", "goodhart pull trl-lib/tldr --dataset"),
            (name.Folder, name.Place, name.ApiPlace, name.PullCommand));
    }
}
