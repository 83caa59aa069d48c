using System.Text;
using Goodhart.Hub.Names;
using Goodhart.Hub.Pulling;
using Goodhart.Hub.Requests;
using Goodhart.Testing.Hub;

namespace Goodhart.Hub.Tests.Pulling;

/// <summary>A stand-in for the hub, and a cache to pull into.</summary>
internal sealed class PullFixture : IDisposable, IPullObserver
{
    public const string Weights = "model.safetensors";

    private readonly string root = Directory.CreateTempSubdirectory("goodhart-pull").FullName;

    public PullFixture()
    {
        Settings = new HubSettings
        {
            CacheFolder = Path.Combine(root, "cache"),
            TokenFile = Path.Combine(root, "token"),
            Endpoint = Server.Endpoint,
        };
    }

    public HubServer Server { get; } = new();

    public HubSettings Settings { get; set; }

    public List<string> Told { get; } = [];

    public List<TimeSpan> Pauses { get; } = [];

    public Func<string, long?> FreeSpace { get; set; } = _ => null;

    /// <summary>Files of a model, and some that nobody needs.</summary>
    public static Dictionary<string, byte[]> Model(int weights = 5000) => new(StringComparer.Ordinal)
    {
        ["config.json"] = "{\"model_type\": \"gpt_neox\"}"u8.ToArray(),
        ["tokenizer.json"] = "{}"u8.ToArray(),
        ["additional_chat_templates/tool_use.jinja"] = "{{ tools }}"u8.ToArray(),
        [Weights] = Bytes(weights),
        ["pytorch_model.bin"] = Bytes(70),
        ["modeling.py"] = "import os"u8.ToArray(),
        ["runs/x.json"] = "{}"u8.ToArray(),
        ["empty.txt"] = [],
        ["LICENSE"] = [],
    };

    public static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)((i * 31) + (i / 256)))];

    public Task<PullResult> PullAsync(string name, RepoKind kind = RepoKind.Model, CancellationToken cancel = default) =>
        PullAsync(HubName.Parse(name, kind), cancel);

    public async Task<PullResult> PullAsync(HubName name, CancellationToken cancel)
    {
        using HubClient client = new(Settings, "goodhart/test", (pause, _) =>
        {
            Pauses.Add(pause);
            return Task.CompletedTask;
        });
        return await new HubPull(client, Settings, this) { FreeSpace = FreeSpace }.RunAsync(name, cancel);
    }

    /// <summary>Everything in the cache: a line for each folder's file, with what it is.</summary>
    public string[] Cache() => !Directory.Exists(Settings.CacheFolder) ? [] :
    [
        .. Directory.EnumerateFiles(Settings.CacheFolder, "*", SearchOption.AllDirectories)
            .Select(
                file => Path.GetRelativePath(Settings.CacheFolder, file)
                    + (new FileInfo(file).LinkTarget is { } target ? $" -> {target}" : ""))
            .Where(line => !line.StartsWith(".locks", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    public string InCache(params string[] parts) => Path.Combine([Settings.CacheFolder, .. parts]);

    /// <summary>Requests for the content of files.</summary>
    public IEnumerable<HubRequest> Downloads => Server.Requests.Where(
        request => request.Path.StartsWith("/xet/", StringComparison.Ordinal)
            || request.Path.Contains("/resolve-cache/", StringComparison.Ordinal));

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    public void Planned(string commit, int files, long bytes) => Told.Add(FormattableString.Invariant($"planned {files}, {bytes}"));

    public void Fetching(string path, long size, long have) => Told.Add(FormattableString.Invariant($"fetching {path} {have}/{size}"));

    public void Received(long bytes)
    {
    }

    public void Waiting(string reason) => Told.Add(reason);

    public void Dispose()
    {
        Server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(root, recursive: true);
    }
}
