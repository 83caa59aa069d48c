namespace Goodhart.Testing.Hub;

/// <summary>What the stand-in for the hub was asked.</summary>
/// <param name="Target">Path and query, as they were sent.</param>
public sealed record HubRequest(string Host, string Target, IReadOnlyDictionary<string, string> Headers)
{
    public string Path => Target.Split('?')[0];

    public string Query =>
        Target.Contains('?', StringComparison.Ordinal) ? Target[(Target.IndexOf('?', StringComparison.Ordinal) + 1)..] : "";

    /// <summary>Null without one.</summary>
    public string? Token => Headers.TryGetValue("authorization", out string? value) ? value["Bearer ".Length..] : null;

    /// <summary>The first byte that is wanted; null: all.</summary>
    public long? From => Headers.TryGetValue("range", out string? range)
        ? long.Parse(range["bytes=".Length..].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture)
        : null;
}
