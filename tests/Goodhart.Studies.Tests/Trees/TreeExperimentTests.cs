using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Pipeline;
using Goodhart.Studies.Trees;
using Xunit;

namespace Goodhart.Studies.Tests.Trees;

public sealed class TreeExperimentTests
{
    [Fact]
    public void Every_run_starts_at_its_reference_and_stays_a_distribution()
    {
        TreeResults results = SmallTree.Run(SmallTree.Settings);
        Assert.Equal(2 * 2 * 2 * 2, results.Runs.Count);
        Assert.Equal(2 * 2, results.References.Count);
        TreeData data = results.Data();
        Assert.All(results.References, reference => Assert.InRange(reference.DemonstrationMass(data), 0.9, 0.999));
        foreach (TreeRun run in results.Runs)
        {
            Assert.Equal(13, run.Probabilities.Count);
            TreeReference start = results.References.Single(one => one.Policy == run.Policy && one.Seed == run.Seed);
            Assert.Equal(start.Probabilities, run.Probabilities[0]);
            Assert.Equal(0, run.Margins[0]);
            Assert.Equal(run.Loss == "dpo" ? Math.Log(2) : 1, run.Losses[0], 1e-12);
            Assert.True(run.Losses[^1] < run.Losses[0]);
            Assert.All(run.Probabilities, step => Assert.Equal(1, step.Sum(p => (double)p), 1e-5));
        }
    }

    [Fact]
    public void Neither_threads_nor_the_company_of_other_runs_change_a_bit()
    {
        TreeResults one = SmallTree.Run(SmallTree.Settings);
        TreeResults three = SmallTree.Run(SmallTree.Settings, threads: 3);
        TreeResults alone = SmallTree.Run(SmallTree.Settings with { Policies = ["rnn"], Losses = ["slic"], Betas = [0.5] });
        Assert.Equal(one.Runs.Select(Name), three.Runs.Select(Name));
        Assert.All(one.Runs.Zip(three.Runs), pair => AssertSame(pair.First, pair.Second));
        Assert.All(alone.Runs, run => AssertSame(run, one.Runs.Single(other => Name(other) == Name(run))));
    }

    /// <summary>A loss of margins alone leaves every other logit of a tabular policy where SFT put it: only the normaliser moves
    /// them.</summary>
    [Fact]
    public void The_tabular_policy_keeps_the_proportions_out_of_distribution()
    {
        TreeResults results = SmallTree.Run(SmallTree.Settings with { Policies = ["tabular"], Steps = 200 });
        IReadOnlyList<int> outside = results.Data().OutOfDistribution();
        foreach (TreeRun run in results.Runs)
        {
            double scale = run.Probabilities[^1][outside[0]] / (double)run.Probabilities[0][outside[0]];
            Assert.NotEqual(1, scale, 1e-2);
            Assert.All(outside, k => Assert.Equal(scale, run.Probabilities[^1][k] / (double)run.Probabilities[0][k], 1e-4 * scale));

            // The tabular optimum of the same fit is where it is.
            TreeSummary summary = TreeSummary.Of(run, results.Data());
            Assert.Equal(summary.End.OutOfDistribution, summary.Unshared, 1e-5);
        }
    }

    /// <summary>The network's shared weights move trajectories that no data mention, and not in proportion.</summary>
    [Fact]
    public void The_recurrent_policy_does_not()
    {
        TreeResults results = SmallTree.Run(SmallTree.Settings with { Policies = ["rnn"], Steps = 50 });
        IReadOnlyList<int> outside = results.Data().OutOfDistribution();
        Assert.All(results.Runs, run =>
        {
            double[] scales = [.. outside.Select(k => run.Probabilities[^1][k] / (double)run.Probabilities[0][k])];
            Assert.True(scales.Max() > 3 * scales.Min());
            TreeSummary summary = TreeSummary.Of(run, results.Data());
            Assert.NotEqual(summary.End.OutOfDistribution, summary.Unshared, 1e-3);
        });
    }

    [Fact]
    public void More_preferences_leave_less_out_of_distribution()
    {
        TreeResults results = SmallTree.Run(SmallTree.Settings with
        {
            Policies = ["rnn"],
            Losses = ["dpo"],
            Preferences = 100,
            Demonstrations = 5
        });
        Assert.Empty(results.Data().OutOfDistribution());
        Assert.All(results.Runs, run => Assert.Equal(0, run.Mass(results.Data().OutOfDistribution(), 5)));
        Assert.True(results.Runs[0].Losses[^1] < results.Runs[0].Losses[0]);
    }

    [Fact]
    public void Settings_out_of_range_are_named()
    {
        AssertRefused("--policy", s => s with { Policies = ["lstm"] });
        AssertRefused("unknown loss 'ktoo'", s => s with { Losses = ["ktoo"] });
        AssertRefused("kto-pair is KTO on pairs", s => s with { Losses = ["kto"] });
        AssertRefused("beta", s => s with { Betas = [0] });
        AssertRefused("--sft-mass", s => s with { SftMass = 1 });
        AssertRefused("--learning-rate", s => s with { LearningRate = double.NaN });
        AssertRefused("--loss: expected each once", s => s with { Losses = ["dpo", "dpo"] });
        AssertRefused("fewer steps", s => s with { Branching = 3, Depth = 7, Steps = 100_000 });

        static void AssertRefused(string message, Func<TreeSettings, TreeSettings> change) => Assert.Contains(
            message, Assert.ThrowsAny<ArgumentException>(() => SmallTree.Run(change(SmallTree.Settings))).Message,
                StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        using CpuDevice device = new();
        Assert.ThrowsAny<OperationCanceledException>(
            () => TreeExperiment.Run(SmallTree.Settings, [device], cancel: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task As_a_step_it_runs_once_and_comes_back_whole()
    {
        string folder = Directory.CreateTempSubdirectory("goodhart-tree").FullName;
        try
        {
            TreeStudy step = new()
            {
                Settings = SmallTree.Settings with
                {
                    Steps = 4,
                    Sensitivity = true,
                    Betas = [0.1],
                    Losses = ["dpo"]
                }
            };
            TreeResults first = await Runner(folder).RunAsync(step, CancellationToken.None);
            Runner again = Runner(folder);
            TreeResults second = await again.RunAsync(step, CancellationToken.None);
            Assert.Equal(0, again.Executed);
            Assert.All(first.Runs.Zip(second.Runs), pair => AssertSame(pair.First, pair.Second));
            Assert.Contains(second.Variants, variant => variant.Changed != "nothing");
            Assert.Equal(TreeChapter.Sections(first)[0].Content.Count, TreeChapter.Sections(second)[0].Content.Count);
            Assert.NotEqual(step.Key, (step with { Settings = step.Settings with { Hidden = 9 } }).Key);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Runner Runner(string folder) => new(new RunnerOptions
    {
        Directory = folder,
        Services = new StepServices().Lease<IDevice>(context => new CpuDevice(context.Threads), device => device.Dispose()),
    });

    private static string Name(TreeRun run) => FormattableString.Invariant($"{run.Policy}/{run.Loss}/{run.Beta}/{run.Seed}");

    private static void AssertSame(TreeRun expected, TreeRun actual)
    {
        Assert.Equal(expected.Losses, actual.Losses);
        Assert.Equal(expected.Margins, actual.Margins);
        Assert.Equal(expected.Probabilities.SelectMany(step => step), actual.Probabilities.SelectMany(step => step));
    }
}
