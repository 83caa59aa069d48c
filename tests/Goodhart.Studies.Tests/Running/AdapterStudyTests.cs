using Goodhart.Engine.Cpu;
using Goodhart.Evaluation.Points;
using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Goodhart.Studies.Running;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>A study whose alignment trains adapters: every method, and a folder that moves.</summary>
public sealed class AdapterStudyTests
{
    [Theory]
    [InlineData("gpt_neox", "{r: 2, alpha: 4}")]
    [InlineData("llama", "{r: 2, alpha: 4, rslora: true, targets: all-linear}")]
    public async Task Every_method_trains_an_adapter_on_the_sft_model(string architecture, string lora)
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = Definition(
            "align.losses=[dpo, ppo, best-of-n]", $"models[0].architecture={architecture}", $"align.lora={lora}");
        Assert.Equal(StudyJson.Write(definition), StudyJson.Write(StudyJson.Read(StudyJson.Write(definition))));
        await study.RunAsync(definition);
        StudyResults results = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        Assert.Equal(0, results.Points[0].Kl);
        CheckpointPoint[] trained = [.. results.Points.Where(point => point.Loss is "dpo" or "ppo")];
        Assert.NotEmpty(trained);
        Assert.All(trained, point => Assert.InRange(point.Kl, double.Epsilon, 10));

        string[] adapters =
        [
            .. ((string[])["preference-segment-*", "reward-segment-*", "rollout-segment-*"]).SelectMany(
                kind => Directory.GetDirectories(Path.Combine(study.Folder, "steps"), kind))
                .Select(step => Path.Combine(step, "model")).Where(Directory.Exists),
        ];
        Assert.NotEmpty(adapters);
        Assert.All(adapters, path => Assert.False(File.Exists(Path.Combine(path, "model.safetensors"))));

        // The base lies in the same study, so the study moves as a whole.
        using MicroStudy moved = study.Copy();
        string adapter = Directory.GetDirectories(Path.Combine(moved.Folder, "steps"), "preference-segment-*")
            .Select(step => Path.Combine(step, "model")).First(Directory.Exists);
        using ModelFolder folder = ModelFolder.Open(adapter, told: null);
        Assert.StartsWith(moved.Folder, Path.GetFullPath(folder.Base!.Path), StringComparison.Ordinal);
        Assert.Empty(await moved.RunAsync(definition));
    }

    [Fact]
    public void A_plan_says_what_adapters_save()
    {
        using MicroStudy study = MicroStudy.Empty();
        AdapterMemory saved = study.Prepare(Definition("align.lora={r: 2}")).Memory.Adapters!;
        Assert.InRange((double)saved.Adapted / saved.Whole, 1.0 / 3, 0.5);   // RMSprop keeps three numbers of a weight
        Assert.Null(study.Prepare(Definition("align.losses=[dpo]")).Memory.Adapters);
    }

    [Fact]
    public void A_layer_that_the_model_lacks_is_told_before_anything_runs()
    {
        using MicroStudy study = MicroStudy.Empty();
        InvalidDataException wrong = Assert.Throws<InvalidDataException>(() => study.Prepare(Definition("align.lora={targets: [q_proj]}")));
        Assert.Contains("expected some of query_key_value, dense", wrong.Message, StringComparison.Ordinal);
    }

    /// <summary>Whether the study's own adapter or the model's: nothing may move the reference, and the plan says so.</summary>
    [Fact]
    public void A_reference_that_moves_is_refused_before_anything_runs()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyFileException own = Assert.Throws<StudyFileException>(
            () => study.Prepare(Definition("align.lora={r: 2}", "align.remedies=[tr-dpo]")));
        Assert.Contains("tr-dpo moves all weights of the reference", own.Message, StringComparison.Ordinal);

        using DataFiles files = new();
        using CpuDevice device = new(1);
        string adapter = Path.Combine(study.Folder, "adapter");
        using (ModelFolder folder = ModelFolder.Open(files.Model, told: null))
        using (LanguageModel model = folder.LoadAdapted(device, new LoraConfig { Rank = 2 }, seed: 1))
        {
            ModelFolder.Save(model, adapter, new SaveOptions { CarryFrom = files.Model });
        }

        StudyFileException named = Assert.Throws<StudyFileException>(() => study.Prepare(
            files.Study($"models[0].from={adapter}", "align.losses=[dpo]", "align.remedies=[tr-dpo]")));
        Assert.Contains("tr-dpo moves all weights of the reference", named.Message, StringComparison.Ordinal);
        study.Prepare(files.Study($"models[0].from={adapter}", "align.losses=[dpo]"));
    }

    private static StudyDefinition Definition(params string[] overrides) => MicroStudy.Definition(
        ["align.losses=[dpo]", "align.betas=[0.1]", RlhfStudyTests.Rlhf, .. overrides]);
}
