using Goodhart.Hub.Cache;
using Goodhart.Hub.Names;
using Goodhart.Testing.Hub;
using Xunit;

namespace Goodhart.Hub.Tests.Cache;

/// <summary>Names that the cache has, and those that it has not.</summary>
public sealed class CachedNamesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("goodhart-hub").FullName;
    private readonly string source;
    private readonly HubSettings settings;

    public CachedNamesTests()
    {
        source = Directory.CreateDirectory(Path.Combine(root, "source")).FullName;
        File.WriteAllText(Path.Combine(source, "config.json"), "{}");
        settings = new HubSettings { CacheFolder = Path.Combine(root, "cache"), TokenFile = Path.Combine(root, "token") };
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("a/b", true, "a/b", "a/b@main", "a/b@0123456789abcdef0123456789abcdef01234567")]
    [InlineData("a/b", false, "a/b")]
    [InlineData("gpt2", true, "gpt2", "gpt2@main")]
    [InlineData("a/b@refs/pr/1", true, "a/b@refs/pr/1")]
    [InlineData("a/b@0123456789abcdef0123456789abcdef01234567", true, "a/b@0123456789abcdef0123456789abcdef01234567")]
    public void A_cached_name_is_its_snapshot(string cached, bool links, params string[] names)
    {
        string snapshot = Write(cached, links);
        foreach (string name in names)
        {
            Assert.Equal(snapshot, CachedNames.Model(name, settings));
        }

        Assert.Equal("{}", File.ReadAllText(Path.Combine(CachedNames.Model(names[0], settings), "config.json")));
    }

    [Theory]
    [InlineData("a/b@refs/pr/1", "a/b")]
    [InlineData("a/b@0123456789abcdef0123456789abcdef01234567", "a/b")]
    [InlineData("a/b", "A/b")]
    [InlineData("a/b", "a/b@0123456789abcdef0123456789abcdef01234568")]
    [InlineData("a/b", "a/b/config.json")]
    [InlineData("a/b", "models--a--b")]
    public void Another_name_stays_as_it_is(string cached, string asked)
    {
        Write(cached, links: true);
        Assert.Equal(asked, CachedNames.Model(asked, settings));
    }

    [Fact]
    public void A_folder_wins()
    {
        string folder = Path.GetRelativePath(Environment.CurrentDirectory, source);
        Assert.Equal(folder, CachedNames.Model(folder, settings));
        Assert.Equal(source, CachedNames.Model(source, settings));
    }

    [Fact]
    public void A_reference_without_its_snapshot_or_of_no_commit_is_nothing()
    {
        string snapshot = Write("a/b", links: true);
        string reference = Path.Combine(settings.CacheFolder, "models--a--b", "refs", "main");
        File.WriteAllText(reference, "../../elsewhere");
        Assert.Equal("a/b", CachedNames.Model("a/b", settings));
        File.WriteAllText(reference, CachedRepository.Commit + "\n");
        Assert.Equal(snapshot, CachedNames.Model("a/b", settings));
        Directory.Delete(snapshot, recursive: true);
        Assert.Equal("a/b", CachedNames.Model("a/b", settings));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("gpt2")]
    [InlineData("a-b/c.d")]
    public void A_path_in_the_cache_tells_its_name(string cached)
    {
        string snapshot = Write(cached, links: true);
        foreach (string path in (string[])[snapshot, Path.Combine(snapshot, "config.json"), Path.Combine(snapshot, "x", "y")])
        {
            HubSnapshot? held = HubSnapshot.Holding(path);
            Assert.Equal((cached, CachedRepository.Commit, snapshot), (held?.Name.Id, held?.Commit, held?.Path));
        }

        Assert.Null(HubSnapshot.Holding(source));
        Assert.Null(HubSnapshot.Holding(Path.GetDirectoryName(snapshot)!));
    }

    private string Write(string name, bool links) =>
        CachedRepository.Write(settings.CacheFolder, HubName.Parse(name, RepoKind.Model), source, links);
}
