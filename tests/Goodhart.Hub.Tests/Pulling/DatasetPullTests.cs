using Goodhart.Hub.Cache;
using Goodhart.Hub.Names;
using Goodhart.Hub.Pulling;
using Goodhart.Hub.Requests;
using Goodhart.Testing.Hub;
using Xunit;

namespace Goodhart.Hub.Tests.Pulling;

/// <summary>Data sets, and their names where a data file is expected.</summary>
public sealed class DatasetPullTests : IDisposable
{
    private readonly PullFixture hub = new();

    public void Dispose() => hub.Dispose();

    [Fact]
    public async Task Splits_are_files_and_have_names()
    {
        hub.Server.Add(new HubRepository(RepoKind.Dataset, "trl-lib/tldr")).Commit(new Dictionary<string, string>
        {
            ["README.md"] =
                "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n  - split: test\n    "
                    + "path: data/test-*\n---\n# x",
            ["data/train-00000-of-00001.parquet"] = "train",
            ["data/test-00000-of-00001.parquet"] = "test",
            ["raw/other.parquet"] = "raw",
            ["script.py"] = "import os",
        });
        PullResult result = await hub.PullAsync("trl-lib/tldr", RepoKind.Dataset);
        Assert.Equal(3, result.Files);
        Assert.True(Directory.Exists(hub.InCache("datasets--trl-lib--tldr", "snapshots", result.Snapshot.Commit, "data")));
        Assert.Equal(
            ("train", "train", "test"), (Read("trl-lib/tldr"), Read("trl-lib/tldr@main:train"), Read("trl-lib/tldr:default/test")));
        InvalidDataException wrong = Assert.Throws<InvalidDataException>(() => Read("trl-lib/tldr:dev"));
        Assert.Equal("trl-lib/tldr: expected one of its splits, trl-lib/tldr:train, trl-lib/tldr:test, found 'dev'.", wrong.Message);
        Assert.Equal("trl-lib/other", CachedNames.Data("trl-lib/other", hub.Settings));
    }

    [Fact]
    public async Task Rows_in_several_files_are_told()
    {
        hub.Server.Add(new HubRepository(RepoKind.Dataset, "a/b")).Commit(new Dictionary<string, string>
        {
            ["data/train-00000-of-00002.parquet"] = "1",
            ["data/train-00001-of-00002.parquet"] = "2",
        });
        string snapshot = (await hub.PullAsync("a/b", RepoKind.Dataset)).Snapshot.Path;
        Assert.Contains(
            $"its rows are in 2 files, and a data file is one here: name one of them, such as {snapshot}",
            Assert.Throws<InvalidDataException>(() => CachedNames.Data("a/b", hub.Settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_set_of_other_files_is_refused()
    {
        hub.Server.Add(new HubRepository(RepoKind.Dataset, "a/b"))
            .Commit(new Dictionary<string, string> { ["images.tar"] = "1", ["dataset_infos.json"] = "{}" });
        Assert.Contains(
            "goodhart pull a/b@refs/convert/parquet --dataset",
            (await Assert.ThrowsAsync<HubRefusedException>(() => hub.PullAsync("a/b", RepoKind.Dataset))).Message,
            StringComparison.Ordinal);
        Assert.Empty(hub.Cache());
    }

    private string Read(string name) => File.ReadAllText(CachedNames.Data(name, hub.Settings));
}
