using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>One alignment run of a study: a model, a loss, a β and an alignment seed.</summary>
public readonly record struct StudyCell(string Model, int Seed, string Loss, double Beta)
{
    /// <summary>The study's own grid, then its further ones; each run once.</summary>
    public static IReadOnlyList<StudyCell> Of(StudyDefinition study) =>
        [.. study.Align.Also.Prepend(new AlsoDefinition()).SelectMany(also => Grid(study, also)).Distinct()];

    private static IEnumerable<StudyCell> Grid(StudyDefinition study, AlsoDefinition also) =>
        from model in also.Models ?? study.Models.Select(model => model.Name)
        from seed in also.Seeds ?? study.Seeds
        from loss in also.Losses ?? study.Align.Losses
        from beta in also.Betas ?? study.Align.Betas
        select new StudyCell(model, seed, loss, beta);
}
