using Xunit;

namespace Goodhart.Cli.Tests.Slurm;

/// <summary>A whole study on a real cluster, with what a cluster does in between.</summary>
public sealed class SlurmStudyTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private static readonly string[] Study = [.. MicroStudy.Arguments, "--threads", "1", "--set", "pretrain.examples=1600"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SlurmFact]
    public async Task A_job_is_killed_and_a_node_is_lost_and_the_results_are_those_of_one_process()
    {
        string alone = folder.Path("alone");
        Assert.Equal(ExitCode.Done, (await CommandRun.Of(["study", .. Study, "--out", alone, "--quiet"])).Code);

        string shared = folder.Path("shared");
        using Submission study = cluster.Submit(shared, [.. Study, "--set", "slurm.time=10", "--set", "slurm.partition=cpu"]);
        SlurmCluster.Kill("-9", SlurmCluster.Processes(await cluster.Hold("sft-segment")));
        cluster.Lose((await cluster.Hold("preference-segment")).Node);

        Assert.True(await study.End() == ExitCode.Done, study.Said);
        Assert.Contains("killed by signal 9", study.Said, StringComparison.Ordinal);
        Assert.Contains(Logs(shared), log => log.Contains(", attempt 1 on node", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllText(Path.Combine(alone, "points.csv")), File.ReadAllText(Path.Combine(shared, "points.csv")));
    }

    private static IEnumerable<string> Logs(string directory) =>
        Directory.GetFiles(Path.Combine(directory, "slurm"), "*.log").Select(File.ReadAllText);
}
