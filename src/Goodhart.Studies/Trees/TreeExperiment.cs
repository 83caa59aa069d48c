using System.Globalization;
using Goodhart.Alignment.Losses;
using Goodhart.Engine;
using Goodhart.Steps.Lines;

namespace Goodhart.Studies.Trees;

/// <summary>Runs the tree study: SFT once for each policy and seed, then every loss and β from it.</summary>
public static class TreeExperiment
{
    private const long MostValues = 200_000_000;

    /// <summary>Independent runs go side by side, one on each device; results do not depend on how many there are.</summary>
    /// <param name="devices">At least one; each is used by one thread at a time.</param>
    /// <exception cref="ArgumentException">Settings out of range, or an unknown policy or loss.</exception>
    public static TreeResults Run(
        TreeSettings settings, IReadOnlyList<IDevice> devices, IProgress<WorkDone>? progress = null, CancellationToken cancel = default)
    {
        Validate(settings);
        TreeResults results = Grid(settings, devices, progress, cancel);
        return results with { Variants = settings.Sensitivity ? TreeSensitivity.Run(results, s => Grid(s, devices, null, cancel)) : [] };
    }

    private static TreeResults Grid(
        TreeSettings settings, IReadOnlyList<IDevice> devices, IProgress<WorkDone>? progress, CancellationToken cancel)
    {
        TreeData data = TreeData.Create(
            new TreeShape(settings.Branching, settings.Depth), settings.Demonstrations, settings.Preferences, settings.Seed);
        (string Policy, ulong Seed)[] starts =
            [.. settings.Policies.SelectMany(policy => Seeds(settings).Select(seed => (policy, seed)))];
        (TreeReference Reference, float[] Parameters)[] sft = Share(devices, starts, (device, start) =>
            Sft(device, settings, data, start), cancel);
        (int Start, string Loss, double Beta)[] cells =
        [
            .. settings.Policies.SelectMany((_, p) => settings.Losses.SelectMany(loss => settings.Betas.SelectMany(
                beta => Enumerable.Range(p * settings.Seeds, settings.Seeds).Select(start => (start, loss, beta))))),
        ];
        int done = 0;
        TreeRun[] runs = Share(devices, cells, (device, cell) =>
        {
            TreeRun run = Align(device, settings, data, starts[cell.Start], sft[cell.Start].Parameters, cell.Loss, cell.Beta);
            progress?.Report(new WorkDone(Interlocked.Increment(ref done), cells.Length));
            return run;
        }, cancel);
        return new TreeResults(settings, [.. sft.Select(entry => entry.Reference)], runs, []);
    }

    private static (TreeReference Reference, float[] Parameters) Sft(
        IDevice device, TreeSettings settings, TreeData data, (string Policy, ulong Seed) start)
    {
        using TreePolicy policy = TreePolicies.Create(start.Policy, device, settings, start.Seed);
        (int steps, double loss) = TreeTraining.Sft(policy, data, settings.SftMass, settings.SftSteps, settings.SftLearningRate);

        // The reference is what alignment starts from: the parameters as they are handed on.
        float[] parameters = policy.Save();
        policy.Start(parameters);
        float[] probabilities = [.. policy.LogProbs().Select(value => (float)Math.Exp(value))];
        return (new TreeReference(start.Policy, start.Seed, steps, loss, probabilities), parameters);
    }

    private static TreeRun Align(
        IDevice device, TreeSettings settings, TreeData data, (string Policy, ulong Seed) start, float[] parameters, string loss,
            double beta)
    {
        using TreePolicy policy = TreePolicies.Create(start.Policy, device, settings, start.Seed);
        policy.Start(parameters);
        return TreeTraining.Align(
            policy, data, LossCatalogue.Create(loss, beta), settings.Steps, settings.LearningRate, start.Policy, beta, start.Seed);
    }

    private static IEnumerable<ulong> Seeds(TreeSettings settings) => Enumerable.Range(0, settings.Seeds)
        .Select(k => settings.Seed + (ulong)k);

    /// <summary>The results in the order of the items, whoever computed them.</summary>
    private static TResult[] Share<TItem, TResult>(
        IReadOnlyList<IDevice> devices, TItem[] items, Func<IDevice, TItem, TResult> work, CancellationToken cancel)
    {
        TResult[] results = new TResult[items.Length];
        int next = -1;
        Task[] workers =
        [
            .. devices.Take(items.Length).Select(device => Task.Factory.StartNew(
                () =>
                {
                    for (int i = Interlocked.Increment(ref next); i < items.Length; i = Interlocked.Increment(ref next))
                    {
                        cancel.ThrowIfCancellationRequested();
                        results[i] = work(device, items[i]);
                    }
                }, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        ];
        Task.WhenAll(workers).GetAwaiter().GetResult();
        return results;
    }

    /// <summary>What <see cref="Run"/> refuses, without running.</summary>
    /// <exception cref="ArgumentException">The message names the option, what it expects and what it found.</exception>
    public static void Validate(TreeSettings settings)
    {
        Require(settings.Seeds >= 1, "--seeds", ">= 1", settings.Seeds);
        Require(settings.Steps >= 1, "--steps", ">= 1", settings.Steps);
        Require(settings.SftSteps >= 0, "--sft-steps", ">= 0", settings.SftSteps);
        Require(settings.SftMass is > 0 and < 1, "--sft-mass", "a probability between 0 and 1", settings.SftMass);
        Require(settings.Hidden >= 1, "--hidden", ">= 1", settings.Hidden);
        RequirePositive(settings.LearningRate, "--learning-rate");
        RequirePositive(settings.SftLearningRate, "--sft-learning-rate");
        RequireSome(settings.Policies, "--policy");
        RequireSome(settings.Losses, "--loss");
        RequireSome(settings.Betas, "--beta");
        foreach (string policy in settings.Policies.Where(policy => !TreePolicies.Names.Contains(policy)))
        {
            throw new ArgumentException($"--policy: expected one of {string.Join(", ", TreePolicies.Names)}, found '{policy}'.");
        }

        // Unknown losses and β out of range are found here, not after the SFT runs.
        foreach (string loss in settings.Losses)
        {
            foreach (double beta in settings.Betas)
            {
                LossCatalogue.Create(loss, beta);
            }
        }

        TreeShape shape = new(settings.Branching, settings.Depth);
        TreeData.Create(shape, settings.Demonstrations, settings.Preferences, settings.Seed);
        long trajectories = shape.Trajectories;
        long runs = (long)settings.Policies.Count * settings.Losses.Count * settings.Betas.Count * settings.Seeds;
        Require(runs * (settings.Steps + 1) * trajectories <= MostValues, "tree",
            $"at most {MostValues} probabilities (runs × steps × trajectories); "
            + "take fewer steps, seeds or β", runs * (settings.Steps + 1) * trajectories);
    }

    private static void RequirePositive(double value, string option) =>
        Require(double.IsFinite(value) && value > 0, option, "a finite number above 0", value);

    private static void RequireSome<T>(IReadOnlyList<T> list, string option)
    {
        Require(list.Count > 0, option, "at least one", "none");
        Require(list.Distinct().Count() == list.Count, option, "each once", string.Join(", ", list));
    }

    private static void Require(bool condition, string option, string expected, object found)
    {
        if (!condition)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{option}: expected {expected}, found {found}."));
        }
    }
}
