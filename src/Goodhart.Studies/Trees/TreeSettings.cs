namespace Goodhart.Studies.Trees;

/// <summary>Everything that decides the tree study's numbers. The paper gives the tree, the data, the losses and β; sizes, rates and
/// steps are
/// ours.</summary>
public sealed record TreeSettings
{
    public int Branching { get; init; } = 3;

    /// <summary>Actions of a trajectory.</summary>
    public int Depth { get; init; } = 3;

    public int Demonstrations { get; init; } = 3;

    public int Preferences { get; init; } = 1;

    /// <summary>Names of <see cref="TreePolicies"/>.</summary>
    public IReadOnlyList<string> Policies { get; init; } = ["rnn", "tabular"];

    /// <summary>Names of the loss catalogue.</summary>
    public IReadOnlyList<string> Losses { get; init; } = ["dpo", "ipo", "slic"];

    public IReadOnlyList<double> Betas { get; init; } = [0.01, 0.1, 0.5];

    /// <summary>Number of runs of every setting; run k starts from weights of seed <see cref="Seed"/> + k.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>First seed; it also draws data beyond the paper's.</summary>
    public ulong Seed { get; init; }

    /// <summary>Width of the recurrent policies' hidden state.</summary>
    public int Hidden { get; init; } = 16;

    /// <summary>SFT ends when the demonstrations together have this probability: every policy then starts from equally well learnt
    /// demonstrations.</summary>
    public double SftMass { get; init; } = 0.99;

    /// <summary>Most full-batch Adam updates of SFT.</summary>
    public int SftSteps { get; init; } = 2000;

    public double SftLearningRate { get; init; } = 0.01;

    /// <summary>Full-batch Adam updates of alignment.</summary>
    public int Steps { get; init; } = 500;

    public double LearningRate { get; init; } = 0.003;

    /// <summary>Also runs the first recurrent policy with other sizes, rates and ends of SFT, at one β.</summary>
    public bool Sensitivity { get; init; } = true;
}
