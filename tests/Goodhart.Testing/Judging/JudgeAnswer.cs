using System.Text.Json;

namespace Goodhart.Testing.Judging;

/// <summary>How an answer leaves the server.</summary>
public enum Manner
{
    Whole,

    /// <summary>The headers promise more than comes; then the connection is closed.</summary>
    HalfClosed,

    /// <summary>Closed without a word.</summary>
    Dropped,

    /// <summary>Never ends.</summary>
    Endless,
}

/// <summary>What the test's judge server says.</summary>
public sealed record JudgeAnswer(string Body, int Status = 200, Manner Manner = Manner.Whole)
{
    public TimeSpan Delay { get; init; }

    /// <summary>What the answer waits for.</summary>
    public Task After { get; init; } = Task.CompletedTask;

    /// <summary>Lines such as "Retry-After: 1".</summary>
    public string[] Headers { get; init; } = [];

    /// <summary>A chat completion.</summary>
    public static JudgeAnswer Reply(
        JudgeCall call, string text, string? model = null, string finish = "stop") => new(JsonSerializer.Serialize(new
        {
            id = "x",
            model = model ?? call.Model,
            choices = new[] { new { index = 0, message = new { role = "assistant", content = text }, finish_reason = finish } },
            usage = new { prompt_tokens = 100, completion_tokens = 20 },
        }));
}
