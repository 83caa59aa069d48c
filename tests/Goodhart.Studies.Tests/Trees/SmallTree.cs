using Goodhart.Engine;
using Goodhart.Engine.Cpu;
using Goodhart.Studies.Trees;

namespace Goodhart.Studies.Tests.Trees;

/// <summary>The paper's tree with few, short runs.</summary>
internal static class SmallTree
{
    public static TreeSettings Settings { get; } = new()
    {
        Policies = ["rnn", "tabular"],
        Betas = [0.1, 0.5],
        Losses = ["dpo", "slic"],
        Seeds = 2,
        Seed = 7,
        Hidden = 8,
        SftMass = 0.9,
        SftLearningRate = 0.05,
        Steps = 12,
        LearningRate = 0.01,
        Sensitivity = false,
    };

    public static TreeResults Run(TreeSettings settings, int threads = 1)
    {
        IDevice[] devices = [.. Enumerable.Range(0, threads).Select(_ => new CpuDevice())];
        try
        {
            return TreeExperiment.Run(settings, devices);
        }
        finally
        {
            Array.ForEach(devices, device => device.Dispose());
        }
    }
}
