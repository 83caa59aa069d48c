using System.Text;

namespace Goodhart.Testing.Hub;

/// <summary>What the stand-in for the hub answers.</summary>
public sealed record HubAnswer(int Status, byte[] Body)
{
    public HubAnswer(int status, string body)
        : this(status, Encoding.UTF8.GetBytes(body))
    {
    }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The connection ends after so many bytes of the body; null: after all.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Nothing more comes then, and the connection stays open.</summary>
    public bool Hangs { get; init; }

    /// <summary>The end of the connection says where the body ends.</summary>
    public bool WithoutLength { get; init; }

    public HubAnswer With(string name, string value) => this with { Headers = [.. Headers, (name, value)] };

    /// <param name="code">As the header X-Error-Code says it.</param>
    public static HubAnswer Error(int status, string code, string message) =>
        new HubAnswer(status, $"{{\"error\":\"{message}\"}}").With("Content-Type", "application/json; charset=utf-8")
            .With("X-Error-Code", code).With("X-Error-Message", message);
}
