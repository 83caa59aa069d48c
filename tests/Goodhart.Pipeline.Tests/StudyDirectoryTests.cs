using Xunit;

namespace Goodhart.Pipeline.Tests;

public sealed class StudyDirectoryTests : TemporaryFolder
{
    [Fact]
    public void A_new_or_empty_folder_becomes_ours_and_stays_so()
    {
        string fresh = Path.Combine(Folder, "deep", "new");
        Assert.Equal(fresh, StudyDirectory.Claim(fresh));
        File.WriteAllText(Path.Combine(fresh, "report.html"), "x");
        StudyDirectory.Claim(fresh);
        Assert.True(StudyDirectory.IsOurs(fresh));
        Assert.False(StudyDirectory.IsOurs(Folder));
    }

    [Fact]
    public void A_folder_that_holds_something_else_is_left_alone()
    {
        File.WriteAllText(Path.Combine(Folder, "thesis.tex"), "x");
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => StudyDirectory.Claim(Folder));
        Assert.Contains("already holds something else (for example 'thesis.tex')", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["thesis.tex"], Directory.GetFileSystemEntries(Folder).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void A_file_is_no_folder()
    {
        string file = Path.Combine(Folder, "x");
        File.WriteAllText(file, "");
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => StudyDirectory.Claim(file));
        Assert.Contains("is a file", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"schema\":2}", "found schema 2")]
    [InlineData("{}", "found no schema")]
    [InlineData("torn", "found no schema")]
    public void Another_schema_is_refused(string marker, string found)
    {
        File.WriteAllText(Path.Combine(Folder, StudyDirectory.Marker), marker);
        Assert.Contains(found, Assert.Throws<InvalidDataException>(() => StudyDirectory.Claim(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_killed_while_claiming_does_not_lock_the_user_out()
    {
        File.WriteAllText(Path.Combine(Folder, "goodhart.json.tmp-0123"), "{\"sch");
        StudyDirectory.Claim(Folder);
        Assert.True(StudyDirectory.IsOurs(Folder));
    }

    [Fact]
    public void Atomic_writing_replaces_whole_files_and_leaves_nothing_aside()
    {
        string path = Path.Combine(Folder, "results.json");
        AtomicFile.WriteAllText(path, "first, and longer");
        AtomicFile.WriteAllText(path, "β");
        Assert.Equal("β", File.ReadAllText(path));
        Assert.Equal(2, new FileInfo(path).Length);   // no byte-order mark
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.WriteAllText(Path.Combine(Folder, "none", "x"), ""));
        Assert.Single(Directory.GetFileSystemEntries(Folder));
    }
}
