using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Goodhart.Engine.Cpu;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Results;
using Goodhart.Studies.Running;

namespace Goodhart.Studies.Tests.Running;

/// <summary>A study of a second or so, in a folder of its own that goes with it.</summary>
internal sealed class MicroStudy : IDisposable
{
    /// <summary>Two losses, one β, two checkpoints.</summary>
    private static readonly string[] Tiny =
    [
        "models[0].hiddenSize=16",
        "pretrain.examples=64",
        "sft.examples=64",
        "align.losses=[dpo, slic]",
        "align.betas=[0.1]",
        "align.checkpoints=[0.5, 1.0]",
        "align.pairs=64",
        "align.batchSize=16",
        "evaluate.prompts=4",
        "evaluate.heldOutPairs=4",
        "evaluate.maxNewTokens=12",
    ];

    private MicroStudy(string folder) => Folder = folder;

    public string Folder { get; }

    public static MicroStudy Empty() => new(Directory.CreateTempSubdirectory("goodhart-study-").FullName);

    /// <summary>The preset made tiny, then changed further.</summary>
    public static StudyDefinition Definition(params string[] overrides) => Of("smoke", overrides);

    /// <summary>Any preset of the world made tiny, then changed further.</summary>
    public static StudyDefinition Of(string preset, params string[] overrides) => StudyFile.Preset(preset, [.. Tiny, .. overrides]);

    /// <summary>A copy that may be damaged.</summary>
    public MicroStudy Copy()
    {
        MicroStudy copy = Empty();
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            string destination = Path.Combine(copy.Folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
            File.Copy(file, destination);
        }

        return copy;
    }

    public StudyRun Prepare(StudyDefinition study, int workers = 1, int threads = 1, IRunObserver? observer = null) => new(
        study,
        new StudyRunOptions
        {
            Directory = Folder,
            Workers = workers,
            Threads = threads,
            CreateDevice = count => new CpuDevice(count),
            Version = "test",
            Observer = observer,
            Note = null,
        });

    /// <returns>Names of the steps that were executed, in the order they started.</returns>
    public async Task<string[]> RunAsync(StudyDefinition study, int workers = 1, int threads = 1)
    {
        StartedSteps started = new();
        StudyResults results = await Prepare(study, workers, threads, started).RunAsync(CancellationToken.None);
        Assert(results.Points.Count > 0);
        return [.. started.Names];
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>results.json without what the run cost.</summary>
    public string ResultsWithoutCost()
    {
        JsonObject results = JsonNode.Parse(Read("results.json"))!.AsObject();
        Assert(results.Remove("cost"));
        return results.ToJsonString();
    }

    /// <summary>Folder of a step's artifact, there or not.</summary>
    public string FolderOf(PlannedStep step) => Path.Combine(Folder, "steps", $"{step.Name}-{step.Key}");

    /// <summary>Hash of every file that the steps wrote; their records, which hold times, are left out.</summary>
    public string[] Artifacts() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Folder, "steps"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "step.json")
            .Select(file => $"{Path.GetRelativePath(Folder, file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}")
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static void Assert(bool condition) => Xunit.Assert.True(condition);
}
