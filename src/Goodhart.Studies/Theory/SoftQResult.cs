namespace Goodhart.Studies.Theory;

/// <summary>What <c>goodhart softq</c> found.</summary>
/// <param name="SeenAfter">After what a token counts as seen.</param>
/// <param name="DataPairs">Pairs that say so.</param>
/// <param name="Sets">The policy's samples, and the chosen and rejected responses of the data.</param>
/// <param name="Sweep">The policy, those it is compared with, and the reference, on the same responses of the data.</param>
public sealed record SoftQResult(
    string Policy, string Reference, double Beta, string SeenAfter, int DataPairs, IReadOnlyList<SoftQSet> Sets,
    IReadOnlyList<SweepPoint> Sweep)
{
    /// <summary>Eq. (8) to (10), solved back from the rewards; null where no prompt leaves room for it.</summary>
    public required SoftBellmanCheck? Bellman { get; init; }

    /// <summary>Stamped on every result.</summary>
    public string Convention =>
        "rewards, Q and V in units of the reward (nats times β); Q = β·logit, the model's own gauge, unless V ≡ 0 is said; V "
            + "after EOS is 0; "
        + "whole vocabulary, temperature 1; standard errors over prompts";
}
