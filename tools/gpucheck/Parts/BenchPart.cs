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
/// <param name="goodhart">The command.</param>
/// <param name="enough">Time in which shape a's work is done on any machine: what had it and did not end hangs, and has failed.</param>
internal sealed class BenchPart(IReadOnlyList<string> goodhart, TimeSpan enough) : CheckPart
{
    /// <summary>What hangs may not take the time of what comes after it.</summary>
    private const int MostOfEnough = 10;

    /// <summary>The comparison measures once, and its peer in two ways; a share is left for what is between.</summary>
    private const int RunsOfComparison = 4;

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
    private async Task CompareCounts(
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
            BenchTime time = new(end - DateTime.UtcNow, enough, enough * MostOfEnough);
            ChildEnd run = await Child.Run(
                [
                    .. goodhart, "bench", "--shapes", "a", "--work", "dpo,sft,pretrain,reward,ppo,score,kl,sample",
                    "--batch", "4", "--prompts", "4", "--seconds", "0.05", "--json", .. device,
                ],
                time.Most);
            if (run.Code == 0)
            {
                return JsonNode.Parse(string.Join('\n', run.Output))!["rows"]!.AsArray();
            }

            (time.WasShort(run) ? late : failures).Add($"bench {string.Join(' ', device)} {run.Reason}: {run.LastWords}");
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

    private async Task<JsonNode?> Speed(
        CheckSetting setting, BenchItem item, string? peer, DateTime end, List<string> facts, List<string> failures, List<string> late)
    {
        TimeSpan one = enough * item.Size(setting.IsGpu);
        TimeSpan all = peer is null ? one : one * RunsOfComparison;
        BenchTime time = new(end - DateTime.UtcNow, all, all * MostOfEnough);

        // A run that hangs is given up by the comparison, which knows whose it is; but not one that had too little time.
        TimeSpan given = time.IsEnough ? time.Most / RunsOfComparison : time.Most + TimeSpan.FromMinutes(1);
        string seconds = setting.IsGpu ? "3" : "0.2";
        string[] common =
        [
            "--shapes", item.Shape, "--work", item.Work, "--batch", item.Batch.ToString(CultureInfo.InvariantCulture), "--prompts",
            setting.IsGpu ? "256" : "8", "--row-budget", setting.IsGpu ? "8192" : "768", "--seconds", seconds, "--json",
            "--precision", item.Precision, .. setting.DeviceOptions,
        ];
        string[] command = peer is null
            ? [.. goodhart, "bench", .. common]
            :
            [
                setting.Python, Path.Combine(Golden.Root, "bench", "peers", "compare.py"), "--goodhart",
                string.Join(' ', goodhart.Select(word => $"'{word}'")), "--python", setting.Python, "--rounds", "1", "--micro", "8",
                "--limit", given.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), .. common,
            ];
        ChildEnd run = await Child.Run(command, time.Most);
        if (run.Output.Count == 0 || run.Code is null)
        {
            (time.WasShort(run) ? late : failures).Add($"bench {item} {run.Reason}: {run.LastWords}");
            return null;
        }

        return BenchFacts.Take(item, run, peer is not null, facts, failures);
    }
}

/// <summary>One measurement.</summary>
internal sealed record BenchItem(string Shape, string Work, int Batch, string Precision)
{
    /// <summary>How many times as long as shape a may take: generously, since nothing is known of the machine.</summary>
    public int Size(bool isGpu) => Shape == "a" ? 1 : isGpu ? 3 : 15;

    public override string ToString() => $"{Shape} {Work} {Precision}";
}

/// <summary>The time that a child had.</summary>
/// <param name="Left">Of the part, as it began.</param>
/// <param name="Enough">What it ends in wherever nothing is wrong.</param>
/// <param name="Longest">What it is given at most.</param>
internal readonly record struct BenchTime(TimeSpan Left, TimeSpan Enough, TimeSpan Longest)
{
    public TimeSpan Most => Left < Longest ? Left : Longest;

    public bool IsEnough => Left >= Enough;

    /// <summary>Whether it was ended for want of time, which says nothing of it: not where it had enough.</summary>
    public bool WasShort(ChildEnd run) => run.Code is null && !IsEnough;
}
