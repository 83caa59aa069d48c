using System.Text.Json;
using Goodhart.Text.Chat;
using Goodhart.Text.Chat.Safety;
using Xunit;

namespace Goodhart.Text.Tests.Chat;

/// <summary>Templates made to exhaust time, memory or the stack: each is refused or stopped, and says where.</summary>
public sealed class HostileTemplateTests
{
    /// <summary>Big, but harmless: an answer is right too.</summary>
    private static readonly string[] MayRender = ["long-name", "blanks", "many-blanks", "round", "plus", "filters", "elif", "subscripts"];

    public static TheoryData<string> Ids { get; } = [.. GoldenChat.Rows("hostile.jsonl").Select(row => row.GetProperty("id").GetString()!)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Is_stopped_with_a_place(string id)
    {
        JsonElement row = GoldenChat.Rows("hostile.jsonl").Single(row => row.GetProperty("id").GetString() == id);
        string source = string.Concat(row.GetProperty("template").EnumerateArray()
            .Select(part => string.Concat(Enumerable.Repeat(part[0].GetString(), part[1].GetInt32()))));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception? problem = Record.Exception(() => ChatTemplate.Parse(source, id).Render([], GoldenChat.Now));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        if (problem is null)
        {
            Assert.Contains(id, MayRender);
        }
        else
        {
            ChatTemplateException stopped = Assert.IsType<ChatTemplateException>(problem);
            Assert.NotNull(stopped.Line);
            Assert.InRange(stopped.Message.Length, 1, 500);
        }

        // Everything that was ever allocated, not what was held at once: a bound on work that does not depend on the machine.
        Assert.InRange(allocated, 0, 2L << 30);
    }
}
