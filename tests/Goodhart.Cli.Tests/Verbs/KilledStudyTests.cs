using System.Diagnostics;
using Xunit;

namespace Goodhart.Cli.Tests.Verbs;

/// <summary>Studies whose processes are killed again and again, at other moments each time.</summary>
[Trait("Category", "Slow")]
public sealed class KilledStudyTests : IDisposable
{
    private const int Kills = 25;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("in-process", true, false)]
    [InlineData("local", true, false)]
    [InlineData("local", false, true)]
    [InlineData("local", true, true)]
    public async Task The_same_bits_at_the_end_and_nothing_half_written(string executor, bool main, bool workers)
    {
        string[] run = ["--executor", executor, "--threads", "2", .. executor == "local" ? ["--retries", "1000"] : (string[])[]];
        string calm = folder.Path("calm");
        Stopwatch watch = Stopwatch.StartNew();
        using (Process whole = MicroStudy.Start(calm, run))
        {
            await Task.WhenAll(whole.StandardOutput.ReadToEndAsync(), whole.StandardError.ReadToEndAsync());
            await whole.WaitForExitAsync();
            Assert.Equal(ExitCode.Done, whole.ExitCode);
        }

        TimeSpan usual = watch.Elapsed;

        int kills = 0;
        for (int round = 0; kills < Kills; round++)
        {
            string killed = folder.Path($"killed{round}");
            for (int? code = null; code != ExitCode.Done;)
            {
                using Process study = MicroStudy.Start(killed, run);
                Task<string> error = study.StandardError.ReadToEndAsync();
                Task<string> output = study.StandardOutput.ReadToEndAsync();
                while (!study.WaitForExit(Moment(kills, usual)))
                {
                    bool whole = main && (!workers || kills % 2 == 0);
                    int[] alive = whole ? [study.Id] : MicroStudy.Workers(killed);
                    if (alive.Length > 0)
                    {
                        Kill(alive[kills % alive.Length]);
                        kills++;
                    }
                }

                await output;
                code = study.ExitCode;
                Assert.True(code is ExitCode.Done or 137, $"code {code}: {await error}");
            }

            Assert.Equal(MicroStudy.Snapshot(calm), MicroStudy.Snapshot(killed));
            Assert.Equal(File.ReadAllBytes(Path.Combine(calm, "points.csv")), File.ReadAllBytes(Path.Combine(killed, "points.csv")));
            Assert.Empty(MicroStudy.Workers(killed));
        }
    }

    /// <summary>From one kill to the next: early and late ones, each different.</summary>
    /// <param name="usual">What a whole study takes here and now.</param>
    private static TimeSpan Moment(int kill, TimeSpan usual) => usual * (0.05 + (0.45 * (kill * 0.618034 % 1)));

    private static void Kill(int process)
    {
        try
        {
            using Process found = Process.GetProcessById(process);
            found.Kill();   // SIGKILL: no handler runs
        }
        catch (ArgumentException)
        {
            // It ended this moment.
        }
    }
}
