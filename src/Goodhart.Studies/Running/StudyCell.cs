using Goodhart.Alignment.Losses;
using Goodhart.Evaluation.Points;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>One alignment run of a study: a model, a loss, a β and an alignment seed.</summary>
public readonly record struct StudyCell(string Model, int Seed, string Loss, double Beta)
{
    /// <summary>The loss's numbers besides β that its further grid gives; null for its defaults.</summary>
    public IReadOnlyDictionary<string, double>? Parameters { get; init; }

    /// <exception cref="ArgumentException">The loss does not take these numbers.</exception>
    public PreferenceLoss CreateLoss() => LossCatalogue.Create(Loss, Beta, Parameters);

    /// <summary>The study's own grid, then its further ones; each run once.</summary>
    public static IReadOnlyList<StudyCell> Of(StudyDefinition study) =>
        [.. study.Align.Also.Prepend(new AlsoDefinition()).SelectMany(also => Grid(study, also)).Distinct()];

    /// <summary>Whether the run learns from pairs; best-of-n and PPO learn from a reward model.</summary>
    public bool IsDirect => !RlhfMethods.Contains(Loss);

    /// <summary>A KL coefficient is not on the scale of a loss's β, and best-of-n has none.</summary>
    private static IEnumerable<double> BetasOf(StudyDefinition study, string loss, AlsoDefinition also) => loss switch
    {
        RlhfMethods.Ppo => also.Betas ?? study.Rlhf?.Ppo.Betas ?? [],
        RlhfMethods.BestOfN => [0],
        _ => also.Betas ?? study.Align.Betas,
    };

    private static IEnumerable<StudyCell> Grid(StudyDefinition study, AlsoDefinition also) =>
        from model in also.Models ?? study.Models.Select(definition => definition.Name)
        from seed in also.Seeds ?? study.Seeds
        from loss in also.Losses ?? study.Align.Losses
        from beta in BetasOf(study, loss, also)
        select new StudyCell(model, seed, loss, beta) { Parameters = also.Parameters };
}
