using System.Text.Json;

namespace Goodhart.Text.Tests.Chat;

/// <summary>The rows under tests/golden/chat.</summary>
internal static class GoldenChat
{
    /// <summary>The clock of every row that has no other.</summary>
    public static DateTime Now { get; } = new(2026, 3, 5, 14, 7, 9);

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Datasets.GoldenData.PathOf(""), "..", "chat"));

    public static IReadOnlyList<JsonElement> Rows(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, file)).Select(line => JsonDocument.Parse(line).RootElement)];

    public static string Template(string name) => File.ReadAllText(Path.Combine(Folder, "templates", $"{name}.jinja"));

    public static Dictionary<string, JsonElement> Variables(JsonElement variables) =>
        variables.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value);

    /// <summary>Quirks are for information; rare rows may be refused, but must not come out otherwise.</summary>
    public static string? Problem(JsonElement row, Func<string> render)
    {
        JsonElement expected = row.GetProperty("expected");
        string tier = row.GetProperty("tier").GetString()!;
        if (tier == "quirk")
        {
            return null;
        }

        string? text = expected.TryGetProperty("text", out JsonElement value) ? value.GetString() : null;
        string? raised = text is null && expected.GetProperty("error").GetProperty("kind").GetString() == "raised"
            ? expected.GetProperty("error").GetProperty("message").GetString()
            : null;
        try
        {
            string found = render();
            return found == text ? null
                : $"expected {JsonSerializer.Serialize(text ?? expected.GetRawText())}, found {JsonSerializer.Serialize(found)}";
        }
        catch (Goodhart.Text.Chat.Safety.ChatTemplateException problem)
        {
            bool isRight = raised is not null ? problem.Detail == raised : text is null || tier == "rare";
            return isRight ? null : $"expected {JsonSerializer.Serialize(text ?? raised)}, found {problem.Message}";
        }
    }
}
