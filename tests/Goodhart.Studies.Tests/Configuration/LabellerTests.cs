using Goodhart.Steps.Rows;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Tests.Running;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Studies.Tests.Configuration;

/// <summary>The key <c>labeller</c> of a study of the world.</summary>
public sealed class LabellerTests
{
    [Fact]
    public void Whoever_is_named_labels_all_pairs_and_nothing_else()
    {
        StudyDefinition plain = StudyFile.Preset("smoke");
        StudyDefinition study = StudyFile.Preset("smoke", ["labeller={noise: 0.25, lengthBias: 0.3}"]);
        Assert.Equal(new PreferenceSampler { Noise = 0.25, LengthBias = 0.3, Temperature = 1.25 }, study.Labeller);
        Assert.Equal(study.Labeller, StudyJson.Read(StudyJson.Write(study)).Labeller);
        Assert.DoesNotContain("labeller", StudyJson.Write(plain), StringComparison.Ordinal);

        // Keys of what the labeller has no part in stay: pre-training, SFT and prompts are not done again.
        using MicroStudy folder = MicroStudy.Empty();
        WorldRows[] before = Rows(folder, plain);
        WorldRows[] after = Rows(folder, study);
        Assert.Equal(5, after.Length);
        Assert.All(after, rows => Assert.Equal(
            rows.Set is WorldSet.Preferences or WorldSet.HeldOutPairs ? study.Labeller : null, rows.Labeller));
        Assert.Equal([WorldSet.HeldOutPairs, WorldSet.Preferences], after.Except(before).Select(rows => rows.Set).OrderDescending());
    }

    private static WorldRows[] Rows(MicroStudy folder, StudyDefinition study) =>
        [.. folder.Prepare(study).Plan().Steps.Select(planned => planned.Step).OfType<TokenizeRows>().Select(step => (WorldRows)step.Source)];

    [Theory]
    [InlineData("labeller={noise: 1.5}", "labeller.noise: expected a number in [0, 1], found 1.5")]
    [InlineData("labeller={noize: 0.1}", "unknown key 'noize'. Did you mean 'noise'?")]
    [InlineData("labeller={temperature: 0}", "labeller.temperature: expected a number > 0, found 0")]
    public void A_mistake_is_named(string setting, string message) => Assert.Contains(
        message, Assert.Throws<StudyFileException>(() => StudyFile.Preset("smoke", [setting])).Message, StringComparison.Ordinal);

    [Fact]
    public void Data_have_been_labelled_already() => Assert.Contains(
        "unknown key 'labeller'",
        Assert.Throws<StudyFileException>(() => StudyFile.Preset("pythia-tldr-clean", ["labeller={noise: 0.1}"])).Message,
        StringComparison.Ordinal);
}
