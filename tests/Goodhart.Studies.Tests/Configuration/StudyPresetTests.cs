using Goodhart.Engine.Optimizers;
using Goodhart.Studies.Configuration;
using Xunit;

namespace Goodhart.Studies.Tests.Configuration;

public sealed class StudyPresetTests
{
    public static TheoryData<string> Presets => [.. StudyPresets.Names];

    [Fact]
    public void The_shipped_studies_are_the_files_of_the_repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Goodhart.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        Assert.NotNull(folder);
        Assert.Equal(
            Directory.GetFiles(Path.Combine(folder, "studies")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            StudyPresets.Names);
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Loads(string name) => Assert.Equal(name, StudyFile.Preset(name).Name);

    [Theory]
    [MemberData(nameof(Presets))]
    public void Comes_back_from_its_json(string name)
    {
        string json = StudyJson.Write(StudyFile.Preset(name));
        Assert.Equal(json, StudyJson.Write(StudyJson.Read(json)));
    }

    [Fact]
    public void Json_reads_like_the_study_file()
    {
        string json = StudyJson.Write(SampleStudy.Parse());
        Assert.Contains("\"keep\": \"weights\"", json, StringComparison.Ordinal);
        Assert.Contains("\"reduction\": \"sequenceMean\"", json, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"rmsprop\",\n      \"alpha\": 0.99", json, StringComparison.Ordinal);
        Assert.Contains("\"weightDecay\": 0.01", json, StringComparison.Ordinal);
        StudyDefinition back = StudyJson.Read(json);
        Assert.Equal(new AdamW { Beta1 = 0.9, Beta2 = 0.95, Eps = 1e-8, WeightDecay = 0.01 }, back.Sft?.Optimizer);
        Assert.Equal(new AdamW { Beta1 = 0.9, Beta2 = 0.95, Eps = 1e-8, WeightDecay = 0 }, back.Pretrain?.Optimizer);
        Assert.Equal(new RmsProp { Alpha = 0.99, Eps = 1e-8 }, back.Align.Optimizer);
    }

    [Fact]
    public void An_unknown_preset_lists_those_there_are() => Assert.Equal(
        "--preset defualt: expected one of alarms, default, pythia-tldr-clean, pythia-tldr-paper, quick, quick-llama, remedies, rlhf-vs-daa, smoke. Did you "
            + "mean 'default'?",
        Assert.Throws<StudyFileException>(() => StudyFile.Preset("defualt")).Message);

    [Fact]
    public void A_mistake_in_a_preset_names_its_file() => Assert.Equal(
        "--set keep=some: keep: expected one of all, weights, final, none, found some. Did you mean 'none'?",
        Assert.Throws<StudyFileException>(() => StudyFile.Preset("smoke", ["keep=some"])).Message);
}
