using System.Globalization;
using System.Text.RegularExpressions;

namespace Goodhart.Hub;

/// <summary>What the environment says of the hub, by the variables that its own client reads.</summary>
/// <remarks>A variable that is set to nothing counts as unset.</remarks>
public sealed partial record HubSettings
{
    private const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>The folder of all repositories: <c>HF_HUB_CACHE</c>, else <c>hub</c> in <c>HF_HOME</c>.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The file that holds a token.</summary>
    public required string TokenFile { get; init; }

    /// <summary>Of <c>HF_TOKEN</c>; null: that of the file, if there is one.</summary>
    public string? GivenToken { get; init; }

    /// <summary>No token is sent (<c>HF_HUB_DISABLE_IMPLICIT_TOKEN</c>).</summary>
    public bool Anonymous { get; init; }

    /// <summary>The variable that forbids every request; null: none does.</summary>
    public string? OfflineBy { get; init; }

    /// <summary>As text, for it may be no address at all.</summary>
    public string Endpoint { get; init; } = DefaultEndpoint;

    /// <summary>How long an answer, or the next piece of a file, may take.</summary>
    /// <exception cref="ArgumentException">It is no number of seconds.</exception>
    public TimeSpan Timeout => Seconds("HF_HUB_DOWNLOAD_TIMEOUT", TimeoutText);

    /// <summary>As text, for it may be no number, which is nothing to those who fetch nothing. Null: 10 seconds.</summary>
    public string? TimeoutText { get; init; }

    /// <summary>Files are copied into snapshots although the system has links.</summary>
    public bool WithoutLinks { get; init; }

    /// <summary>Of this process.</summary>
    public static HubSettings Current => Of(
        Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <param name="variable">A variable's value; null where it is not set.</param>
    /// <param name="home">The user's own folder.</param>
    public static HubSettings Of(Func<string, string?> variable, string home)
    {
        string? Text(params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                if (variable(name) is { } value && value.Trim().Length > 0)
                {
                    return value;
                }
            }

            return null;
        }

        bool IsSet(string name) => Text(name)?.Trim().ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";
        string? Place(params ReadOnlySpan<string> names) => Text(names) is { } path ? Expand(path, variable, home) : null;

        string hub = Place("HF_HOME")
            ?? Path.Combine(Place("XDG_CACHE_HOME") ?? Path.Combine(home, ".cache"), "huggingface");
        string? offline = Text("HF_HUB_OFFLINE") is null ? "TRANSFORMERS_OFFLINE" : "HF_HUB_OFFLINE";
        return new HubSettings
        {
            CacheFolder = Path.GetFullPath(Place("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE") ?? Path.Combine(hub, "hub")),
            TokenFile = Path.GetFullPath(Place("HF_TOKEN_PATH") ?? Path.Combine(hub, "token")),
            GivenToken = Text("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")?.Trim(),
            Anonymous = IsSet("HF_HUB_DISABLE_IMPLICIT_TOKEN"),
            OfflineBy = IsSet(offline) ? offline : null,
            Endpoint = (Text("HF_ENDPOINT") ?? DefaultEndpoint).Trim().TrimEnd('/'),
            TimeoutText = Text("HF_HUB_DOWNLOAD_TIMEOUT"),
            WithoutLinks = IsSet("HF_HUB_DISABLE_SYMLINKS"),
        };
    }

    private static TimeSpan Seconds(string name, string? text) =>
        text is null ? TimeSpan.FromSeconds(10)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e6
            ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentException($"{name}: expected seconds, above 0, found '{text}'.");

    private static string Expand(string path, Func<string, string?> variable, string home)
    {
        string expanded = VariableUse().Replace(
            path.Trim(), match => variable(match.Groups[1].Value + match.Groups[2].Value) ?? match.Value);
        return expanded == "~" ? home
            : expanded.StartsWith("~/", StringComparison.Ordinal) || expanded.StartsWith("~\\", StringComparison.Ordinal)
                ? Path.Combine(home, expanded[2..])
                : expanded;
    }

    [GeneratedRegex(@"\$(?:\{(\w+)\}|(\w+))")]
    private static partial Regex VariableUse();
}
