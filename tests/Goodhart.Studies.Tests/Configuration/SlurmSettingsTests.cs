using Goodhart.Studies.Configuration;
using Xunit;

namespace Goodhart.Studies.Tests.Configuration;

/// <summary>The key <c>slurm</c> of a study file.</summary>
public sealed class SlurmSettingsTests
{
    private const string Tail = "keep: weights";

    [Fact]
    public void A_study_file_says_what_its_jobs_ask_for_and_study_json_does_not()
    {
        StudyDefinition study = StudyFile.Parse(
            "tiny.yaml", SampleStudy.Text + "\nslurm: { partition: gpu, time: 4:00:00, gpus: 1, options: --nice=100 --exclude=node7 }\n");
        Assert.Equal(
            ["gpus 1", "options --nice=100 --exclude=node7", "partition gpu", "time 4:00:00"],
            study.Slurm.Select(setting => $"{setting.Key} {setting.Value}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain("slurm", StudyJson.Write(study), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(StudyJson.Write(SampleStudy.Parse()), StudyJson.Write(study));
    }

    [Theory]
    [InlineData("time: soon", "slurm.time: expected a limit for each step, like 30 (minutes), 4:00:00 or 1-12:00:00, found 'soon'.")]
    [InlineData("gpus: [1]", "slurm.gpus: expected a text, found a list of 1.")]
    [InlineData("memry: 4G", "unknown key 'memry'. Did you mean 'memory'? Keys of slurm: partition, account, qos, time, memory, gpus, "
        + "options.")]
    public void What_is_wrong_there_is_said_with_its_place(string setting, string message)
    {
        string said = SampleStudy.MessageOf(Tail, $"{Tail}\nslurm: {{ {setting} }}");
        Assert.StartsWith("tiny.yaml:", said, StringComparison.Ordinal);
        Assert.EndsWith(message, said, StringComparison.Ordinal);
    }
}
