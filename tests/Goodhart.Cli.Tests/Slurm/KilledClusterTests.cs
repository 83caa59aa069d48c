using System.Diagnostics;
using System.Runtime.Versioning;
using Xunit;

namespace Goodhart.Cli.Tests.Slurm;

/// <summary>Studies on a cluster of which now this and now that is killed.</summary>
[Trait("Category", "Slow")]
[SupportedOSPlatform("linux")]
public sealed class KilledClusterTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private const int Kills = 25;

    private static readonly string[] Study = [.. MicroStudy.Arguments, "--threads", "1", "--retries", "1000"];

    private readonly TemporaryFolder folder = new();
    private TimeSpan usual;
    private int kills;

    public void Dispose() => folder.Dispose();

    /// <summary>kill -9 in turn of the process that submits, of a step's, of slurmctld and of either slurmd.</summary>
    [SlurmFact]
    public async Task The_same_bits_at_the_end_whatever_is_killed()
    {
        string alone = folder.Path("alone");
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(
            ExitCode.Done, (await CommandRun.Of(["study", .. MicroStudy.Arguments, "--threads", "1", "--out", alone, "--quiet"])).Code);
        usual = watch.Elapsed;
        for (int round = 0; kills < Kills; round++)
        {
            string shared = folder.Path($"shared{round}");
            for (bool isDone = false; !isDone;)
            {
                using Submission study = cluster.Submit(shared, Study);
                isDone = !await KillUntilItIsGoneAsync(study);
            }

            cluster.Revive();
            Assert.Equal(MicroStudy.Snapshot(alone), MicroStudy.Snapshot(shared));
            Assert.Equal(File.ReadAllBytes(Path.Combine(alone, "points.csv")), File.ReadAllBytes(Path.Combine(shared, "points.csv")));
        }
    }

    private int[] Steps() => [.. cluster.Queue().Where(job => job.State == "RUNNING").SelectMany(cluster.Processes)];

    /// <returns>Whether it was killed; false: it has done the study.</returns>
    private async Task<bool> KillUntilItIsGoneAsync(Submission study)
    {
        for (int turn = 0; ; turn++)
        {
            // Early and late ones, each different, by what a study in one process takes here and now.
            await Task.WhenAny(study.Over, Task.Delay(usual * (0.2 + (1.8 * (turn * 0.618034 % 1)))));
            if (study.IsOver)
            {
                Assert.True(await study.End() == ExitCode.Done, study.Said);
                return false;
            }

            switch (kills % 5)
            {
                case 0:
                    int[] steps = [];
                    await SlurmCluster.Until(() => study.IsOver || (steps = Steps()).Length > 0, "no step is running");
                    if (steps.Length == 0)
                    {
                        continue;
                    }

                    SlurmCluster.Kill("-9", steps[0]);
                    break;
                case 1:
                    await cluster.KillDaemon("slurmctld");
                    cluster.Revive();
                    break;
                case 2:
                    await cluster.KillDaemon("slurmd-node1");
                    cluster.Revive();
                    break;
                case 3:
                    await cluster.KillDaemon("slurmd-node2");
                    cluster.Revive();
                    break;
                default:
                    await study.Kill();
                    kills++;
                    return true;
            }

            kills++;
        }
    }
}
