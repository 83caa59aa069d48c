using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class ExternalInputTests : TemporaryFolder
{
    private sealed record ReadData(ExternalInput Data) : Step<string>
    {
        protected override Task<string> RunAsync(StepContext context, CancellationToken cancel) => File.ReadAllTextAsync(Data.Path, cancel);
    }

    [Fact]
    public void A_file_enters_by_content_and_not_by_path()
    {
        string first = Write("a.txt", "data");
        string moved = Write("sub/b.txt", "data");
        string edited = Write("c.txt", "date");
        Assert.Equal(new ReadData(new InputFile(first)).Key, new ReadData(new InputFile(moved)).Key);
        Assert.NotEqual(new ReadData(new InputFile(first)).Key, new ReadData(new InputFile(edited)).Key);
    }

    [Fact]   // sha256sum of the four letters
    public void The_hash_is_the_one_other_tools_print() => Assert.Equal(
        "3a6eb0790f39ac87c94f3856b2dd2c5d110e6811602261a9a923d3bb23adc8b7", new InputFile(Write("a.txt", "data")).Sha256);

    [Fact]
    public void A_folder_enters_by_the_names_and_contents_of_its_files()
    {
        Write("m/config.json", "{}");
        Write("m/sub/weights", "1");
        Write("n/config.json", "{}");
        Write("n/sub/weights", "1");
        Assert.Equal(Hash("m"), Hash("n"));

        Write("n/README.md", "what people should know");
        Assert.Equal(Hash("m"), Hash("n"));
        Write("n/sub/README.md", "a file like any other");
        Assert.NotEqual(Hash("m"), Hash("n"));
        File.Delete(Path.Combine(Folder, "n/sub/README.md"));

        Write("n/sub/weights", "2");
        Assert.NotEqual(Hash("m"), Hash("n"));
        Write("n/sub/weights", "1");
        File.Move(Path.Combine(Folder, "n/config.json"), Path.Combine(Folder, "n/other.json"));
        Assert.NotEqual(Hash("m"), Hash("n"));
    }

    [Fact]
    public void A_missing_input_is_named()
    {
        string missing = Path.Combine(Folder, "nowhere");
        FileNotFoundException noFile = Assert.Throws<FileNotFoundException>(() => new InputFile(missing).Sha256);
        Assert.StartsWith($"{missing}: no such file.", noFile.Message, StringComparison.Ordinal);
        DirectoryNotFoundException noFolder = Assert.Throws<DirectoryNotFoundException>(() => new InputFolder(missing).Sha256);
        Assert.StartsWith($"{missing}: no such folder.", noFolder.Message, StringComparison.Ordinal);
    }

    private string Hash(string folder) => new InputFolder(Path.Combine(Folder, folder)).Sha256;

    private string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
