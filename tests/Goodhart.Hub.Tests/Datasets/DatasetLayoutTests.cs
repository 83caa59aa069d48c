using Goodhart.Hub.Datasets;
using Xunit;

namespace Goodhart.Hub.Tests.Datasets;

/// <summary>Which files are which split.</summary>
public sealed class DatasetLayoutTests
{
    [Theory]
    [InlineData(
        "data/train-00000-of-00002.parquet data/train-00001-of-00002.parquet data/test_prefs-00000-of-00001.parquet",
        "default/test_prefs:1 default/train:2")]
    [InlineData("train.jsonl valid.jsonl test.jsonl.gz", "default/test:1 default/train:1 default/validation:1")]
    [InlineData("my-training.csv eval_2.csv notes.txt", "default/test:1 default/train:1")]
    [InlineData("train/0000.parquet dev/0000.parquet", "default/train:1 default/validation:1")]
    [InlineData("trainer.json other.json", "default/train:2")]
    [InlineData("pairs.jsonl README.md .hidden/x.json dataset_infos.json", "default/train:1")]
    [InlineData("images.tar", "")]
    public void Without_a_readme_names_say_it(string paths, string splits) =>
        Assert.Equal(splits, Text(DatasetLayout.Read(paths.Split(' '), "# no head")));

    [Theory]
    [InlineData(
        "configs: [{config_name: a, data_files: 'x/*.json'}, {config_name: b, data_files: [{split: test, path: ['y/**', z.json]}], "
            + "default: true}]", "a/train:1 b/test:3")]
    [InlineData("configs: [{data_files: {train: x/1.json, test: z.json}}]", "default/test:1 default/train:1")]
    [InlineData("configs: [{config_name: c, data_dir: y}]", "c/train:2")]
    [InlineData("configs: [{config_name: c, data_files: nothing.json}]", "")]
    [InlineData("license: mit", "default/train:4")]
    public void A_readme_wins(string head, string splits) => Assert.Equal(
        splits, Text(DatasetLayout.Read(["x/1.json", "y/1.json", "y/deep/2.json", "z.json"], $"---\n{head}\n---\ntext\n")));

    [Fact]
    public void A_head_that_is_no_yaml_is_told() =>
        Assert.StartsWith(
            "README.md: line ",
            Assert.Throws<InvalidDataException>(() => DatasetLayout.Read(["x.json"], "---\na: [b\n---\n")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("a/b:train", "a/b", null, "train")]
    [InlineData("a/b@v1:c/dev", "a/b@v1", "c", "dev")]
    [InlineData("a/b", "a/b", null, null)]
    public void Names_have_splits(string text, string repository, string? config, string? split)
    {
        DatasetName? name = DatasetName.TryParse(text);
        Assert.Equal((repository, config, split), (name?.Repository.ToString(), name?.Config, name?.Split));
    }

    [Theory]
    [InlineData("a/b:")]
    [InlineData("a/b:x/y/z")]
    [InlineData("a/b:/x")]
    [InlineData("a/b/c.jsonl")]
    public void Others_are_no_names(string text) => Assert.Null(DatasetName.TryParse(text));

    [Theory]
    [InlineData("/tmp/pairs.jsonl", true)]
    [InlineData("a//b.jsonl", true)]
    [InlineData("a/b.jsonl/", false)]
    [InlineData("/a//.b/c.jsonl", false)]
    [InlineData("", false)]
    [InlineData("/", false)]
    public void Any_path_of_the_user_is_asked_for(string path, bool isData) => Assert.Equal(isData, DatasetLayout.IsData(path));

    private static string Text(IEnumerable<DatasetSplit> splits) =>
        string.Join(
            ' ',
            splits.Select(
                split => FormattableString.Invariant($"{split.Config}/{split.Name}:{split.Files.Count}")).Order(StringComparer.Ordinal));
}
