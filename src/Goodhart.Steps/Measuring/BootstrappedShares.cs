using Goodhart.Evaluation.Theory.SoftQ;

namespace Goodhart.Steps.Measuring;

/// <summary>The bootstrapped share of a checkpoint in both senses of "seen": see <see cref="DataBootstrap"/>.</summary>
/// <param name="AtPrefix">On training pairs, Eq. (11) to the letter.</param>
/// <param name="AfterRecent">On held-out pairs, after the same last tokens.</param>
public sealed record BootstrappedShares(BootstrappedShare AtPrefix, BootstrappedShare AfterRecent);
