using System.Security.Cryptography;
using Goodhart.Pipeline;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>A world is a data source and a judge: a study of its exported files is the study of the world, bit for bit.</summary>
public sealed class ExportedWorldTests : IDisposable
{
    private const string Rlhf =
        "rlhf={reward: {batchSize: 16, optimizer: {name: rmsprop, alpha: 0.99, eps: 1e-8}, learningRate: 2e-4, warmupSteps: 1, "
            + "clipNorm: 10}, "
        + "ppo: {betas: [0.1], collections: 2, prompts: 4, samplesPerPrompt: 2, epochs: 1, miniBatches: 2, "
        + "optimizer: {name: adam, beta1: 0.9, beta2: 0.95, eps: 1e-8}, learningRate: 1e-3, valueLearningRate: 1e-3, warmupSteps: 0, "
        + "clipNorm: 1, "
        + "clipRange: 0.2, valueWarmup: 0, lambda: 0.95}, bestOfN: {n: [2, 4], pool: 4}}";

    private readonly string export = Path.Combine(Directory.CreateTempSubdirectory("goodhart-export-").FullName, "world");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(export)!, recursive: true);

    [Fact]
    public async Task The_exported_files_and_the_gold_judge_end_with_the_worlds_points()
    {
        const int Seed = 3;
        StudyDefinition world = MicroStudy.Definition("align.losses=[dpo, ppo, best-of-n]", $"seeds=[{Seed}]", "seed=5", Rlhf);
        WorldExport.Write(
            new WorldExportOptions
            {
                Seed = 5,
                AlignmentSeed = Seed,
                Pretraining = 64,
                Sft = 64,
                Preferences = 64,
                HeldOutPairs = 4,
                Prompts = 4,
            }, export);
        StudyDefinition data = world with
        {
            World = null,
            Data = new DataDefinition(
                Place("preferences.jsonl"),
                Place("heldout-preferences.jsonl"),
                new Dictionary<string, string>(),
                new PromptDefinition(128, null, "drop"))
            {
                Pretrain = Place("pretrain.jsonl"),
                Sft = Place("sft.jsonl"),
                Prompts = Place("prompts.jsonl"),
                Tokenizer = Place(""),
            },
            Align = world.Align with { Pairs = null },
            Judge = new GoldJudgeDefinition(5),
        };
        using MicroStudy ofWorld = MicroStudy.Empty();
        using MicroStudy ofData = MicroStudy.Empty();
        string[] steps = await ofWorld.RunAsync(world);
        Assert.Equal(steps, await ofData.RunAsync(data));

        PlannedStep[] ours = [.. ofWorld.Prepare(world).Plan().Steps];
        PlannedStep[] theirs = [.. ofData.Prepare(data).Plan().Steps];
        Assert.Equal(
            Files(ofWorld, ours, step => step is TokenizeRows, "rows.bin"), Files(
                ofData, theirs, step => step is TokenizeRows, "rows.bin"));
        string[] weights = Files(ofWorld, ours, step => step is TrainingSegment, Path.Combine("model", "model.safetensors"));
        Assert.True(weights.Length >= 5);
        Assert.Equal(weights, Files(ofData, theirs, step => step is TrainingSegment, Path.Combine("model", "model.safetensors")));
        Assert.Equal(ofWorld.Read("points.csv"), ofData.Read("points.csv"));
        Assert.Contains("bootstrapping", ofData.Read("report.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_world_may_have_another_judge_and_still_knows_its_gold_reward()
    {
        await using Testing.Judging.JudgeServer server = new(call => Testing.Judging.JudgeAnswer.Reply(call, call.Verdict("1")));
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(
            MicroStudy.Definition("align.losses=[dpo]", $"judge={{kind: openai, model: m, url: '{server.BaseUrl.AbsoluteUri}'}}"));
        Assert.NotEmpty(server.Calls);
        Assert.All(
            Evaluation.Points.PointsFile.ReadCheckpoints(Path.Combine(study.Folder, "points.csv")),
            point => Assert.True(point is { WinRate: >= 0 and <= 1, GoldReward: not null, WinRateSoft: not null }));
    }

    private StudyPath Place(string file) => new(Path.Combine(export, file), "test");

    /// <summary>Label-free: the steps of a kind in the order of the plan, with what they wrote.</summary>
    private static string[] Files(MicroStudy study, PlannedStep[] steps, Predicate<Step> wanted, string file) =>
    [
        .. steps.Where(step => wanted(step.Step))
            .Select(step => (step.Name, Path: Path.Combine(study.FolderOf(step), file))).Where(step => File.Exists(step.Path))
            .Select(step => $"{step.Name} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(step.Path)))}")
            .Order(StringComparer.Ordinal),
    ];
}
