using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Steps.Judging;
using Xunit;

namespace Goodhart.Steps.Tests.Judging;

public sealed class StoredRepliesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("goodhart-replies").FullName;

    private string File => Path.Combine(folder, "replies.jsonl");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Replies_come_back_whole()
    {
        StoredReply[] replies = [Reply("a", "one\ntwo \"three\" ä"), Reply("b", "") with { Model = null, InputTokens = null }];
        using (StoredReplies file = StoredReplies.Open(File))
        {
            Array.ForEach(replies, file.Add);
            file.Add(replies[0] with { Reply = "later" });   // the first reply stands
        }

        using StoredReplies again = StoredReplies.Open(File);
        Assert.Equal(2, again.Count);
        Assert.All(replies, reply => Assert.Equal(reply, again.Find(reply.Key)));
        Assert.Null(again.Find("c"));
    }

    [Fact]
    public void A_torn_last_line_is_dropped_and_written_over()
    {
        using (StoredReplies file = StoredReplies.Open(File))
        {
            file.Add(Reply("a", "one"));
            file.Add(Reply("b", "two"));
        }

        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int cut = whole.Length - 1; cut > whole.Length - 20; cut--)
        {
            System.IO.File.WriteAllBytes(File, whole[..cut]);
            using (StoredReplies torn = StoredReplies.Open(File))
            {
                Assert.NotNull(torn.Find("a"));
                Assert.Null(torn.Find("b"));
                torn.Add(Reply("b", "two"));
            }

            Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
        }
    }

    [Fact]
    public void A_foreign_line_is_named()
    {
        System.IO.File.WriteAllText(File, "{\"key\":\"\"}\n");
        Assert.Contains(
            "replies.jsonl line 1: expected a stored reply",
            Assert.Throws<InvalidDataException>(() => StoredReplies.Open(File)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_run_at_a_time()
    {
        using StoredReplies file = StoredReplies.Open(File);
        Assert.Contains(
            "another run", Assert.Throws<InvalidDataException>(() => StoredReplies.Open(File)).Message, StringComparison.Ordinal);
    }

    private static StoredReply Reply(string key, string text) =>
        new(key, "p/0", true, text, "m", "stop", 10, 2, 1, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
}
