using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Goodhart.GpuCheck.Processes;
using Goodhart.Testing;

namespace Goodhart.GpuCheck.Parts;

/// <summary>
/// What the bench counts on this device and on our own engine; then its speed, alternating with PyTorch where there is one. A peer that
/// fails is a fact, not a failure.
/// </summary>
internal sealed class BenchPart : CheckPart
{
    private const string F32 = "f32";
    private const string Bf16 = "bf16";

    private static readonly BenchItem[] OnGpu =
    [
        new("d", "dpo", 64, F32), new("pythia-410m", "dpo", 64, F32), new("pythia-410m", "dpo", 64, Bf16),
        new("pythia-1b", "dpo", 64, Bf16), new("pythia-1b", "sft", 64, Bf16), new("pythia-1b", "sample", 64, Bf16),
        new("pythia-6.9b", "dpo", 32, Bf16), new("pythia-2.8b", "dpo", 32, Bf16), new("pythia-1b", "score", 64, Bf16),
    ];

    private static readonly BenchItem[] OnCpu = [new("a", "dpo", 8, F32), new("a", "dpo", 8, Bf16)];

    public override string Name => "bench";

    public override double Share => 1;

    public override async Task<PartResult> Run(CheckSetting setting, TimeSpan most)
    {
        DateTime end = DateTime.UtcNow + most;
        List<string> facts = [];
        List<string> failures = [];
        List<string> late = [];
        await CompareCounts(setting, end, facts, failures, late);
        string? peer = await Peer(setting.Python, end, facts);
        JsonArray results = [];
        foreach (BenchItem item in Items(setting))
        {
            if (DateTime.UtcNow >= end)
            {
                late.Add($"bench {item}");
                continue;
            }

            if (await Speed(setting, item, peer, end, facts, failures, late) is { } result)
            {
                results.Add(result);
            }
        }

        File.WriteAllText(Path.Combine(setting.Folder, "bench.json"), results.ToJsonString());
        return new PartResult(failures.Count == 0, facts, failures, late);
    }

    private static IEnumerable<BenchItem> Items(CheckSetting setting) => setting.Shapes is { } shapes
        ? shapes.Split(',').Select(shape => new BenchItem(shape, "dpo", setting.IsGpu ? 64 : 8, setting.IsGpu ? Bf16 : F32))
        : setting.IsGpu ? OnGpu : OnCpu;

    /// <summary>Every kind of work on few texts: it runs, and does as much as on our own engine.</summary>
    private static async Task CompareCounts(
        CheckSetting setting, DateTime end, List<string> facts, List<string> failures, List<string> late)
    {
        JsonArray? own = await Rows(["--device", "cpu"]);
        JsonArray? other = await Rows(setting.DeviceOptions);
        if (own is not null && other is not null)
        {
            BenchCounts.Compare(own, other, facts, failures);
        }
        async Task<JsonArray?> Rows(IReadOnlyList<string> device)
        {
            ChildEnd run = await Child.Run(
                [
                    .. Child.Self, "goodhart", "bench", "--shapes", "a", "--work", "dpo,sft,pretrain,reward,ppo,score,kl,sample",
                    "--batch", "4", "--prompts", "4", "--seconds", "0.05", "--json", .. device,
                ],
                end - DateTime.UtcNow);
            if (run.Code == 0)
            {
                return JsonNode.Parse(string.Join('\n', run.Output))!["rows"]!.AsArray();
            }

            (run.Code is null ? late : failures).Add($"bench {string.Join(' ', device)} {run.Reason}: {run.LastWords}");
            return null;
        }
    }

    /// <summary>The version of the Python's PyTorch, or null.</summary>
    private static async Task<string?> Peer(string python, DateTime end, List<string> facts)
    {
        try
        {
            TimeSpan left = end - DateTime.UtcNow;
            TimeSpan most = left < TimeSpan.FromMinutes(1) ? left : TimeSpan.FromMinutes(1);
            ChildEnd asked = await Child.Run([python, "-c", "import torch; print(torch.__version__)"], most);
            if (asked is { Code: 0, Output: [.., { } version] })
            {
                facts.Add($"the peer: PyTorch {version} of {python}");
                return version;
            }

            facts.Add($"no peer: {python} -c 'import torch' {asked.Reason}: {asked.LastWords}");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            facts.Add($"no peer: {python}: {missing.Message}");
        }

        return null;
    }

    private static async Task<JsonNode?> Speed(
        CheckSetting setting, BenchItem item, string? peer, DateTime end, List<string> facts, List<string> failures, List<string> late)
    {
        TimeSpan most = end - DateTime.UtcNow;
        string[] own = [.. Child.Self, "goodhart"];
        string seconds = setting.IsGpu ? "3" : "0.2";
        string[] common =
        [
            "--shapes", item.Shape, "--work", item.Work, "--batch", item.Batch.ToString(CultureInfo.InvariantCulture), "--prompts",
            setting.IsGpu ? "256" : "8", "--row-budget", setting.IsGpu ? "8192" : "768", "--seconds", seconds, "--json",
            "--precision", item.Precision, .. setting.DeviceOptions,
        ];
        string[] command = peer is null
            ? [.. own, "bench", .. common]
            :
            [
                setting.Python, Path.Combine(Golden.Root, "bench", "peers", "compare.py"), "--goodhart",
                string.Join(' ', own.Select(word => $"'{word}'")), "--python", setting.Python, "--rounds", "1", "--micro", "8", "--limit",
                (most.TotalSeconds + 60).ToString("0", CultureInfo.InvariantCulture), .. common,   // later than we end it
            ];
        ChildEnd run = await Child.Run(command, most);
        if (run.Output.Count == 0 || run.Code is null)
        {
            (run.Code is null ? late : failures).Add($"bench {item} {run.Reason}: {run.LastWords}");
            return null;
        }

        return BenchFacts.Take(item, run, peer is not null, facts, failures);
    }
}

/// <summary>One measurement.</summary>
internal sealed record BenchItem(string Shape, string Work, int Batch, string Precision)
{
    public override string ToString() => $"{Shape} {Work} {Precision}";
}
