using Goodhart.Engine;
using Goodhart.Models.Recurrent;

namespace Goodhart.Studies.Trees;

/// <summary>The policies that <c>--policy</c> can name.</summary>
public static class TreePolicies
{
    private static readonly RecurrentCell[] Cells = [new RnnCell()];

    public static IReadOnlyList<string> Names { get; } = [.. Cells.Select(cell => cell.Name), TabularPolicy.Name];

    /// <summary>A policy with the initial parameters of a seed.</summary>
    /// <exception cref="ArgumentException">No such policy; the message lists those there are.</exception>
    public static TreePolicy Create(string name, IDevice device, TreeSettings settings, ulong seed)
    {
        TreeShape shape = new(settings.Branching, settings.Depth);
        if (name == TabularPolicy.Name)
        {
            return TabularPolicy.Random(shape.Trajectories, seed);
        }

        RecurrentCell cell = Array.Find(Cells, known => known.Name == name)
            ?? throw new ArgumentException($"unknown policy '{name}': expected one of {string.Join(", ", Names)}.", nameof(name));
        RecurrentPolicy network = new(device, cell, shape.Branching, settings.Hidden, training: true);
        network.Initialize(seed);
        return new RecurrentTreePolicy(device, network, shape.Depth);
    }
}
