using Goodhart.Evaluation.Points;
using Goodhart.Pipeline;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Goodhart.Studies.Running;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary><c>--finalists</c>: the best cells of a finished study as another's grid.</summary>
public sealed class FinalistsTests
{
    private static readonly string[] Grid =
    [
        "align.losses=[dpo]", "align.betas=[0.1, 0.4]", "align.checkpoints=[1]", "align.remedies=[\"ld-dpo:alpha=0\", \"ld-dpo:alpha=0.5\", wpo]",
        "align.also=[{losses: [r-dpo], remedies: none}, {losses: [r-dpo], remedies: none, parameters: {alpha: 0.2}}, "
            + "{losses: [ipo], betas: [0.2], remedies: [tr-dpo]}, {losses: [slic], remedies: none}]",
    ];

    /// <summary>Win rates by hand: which cells are best is seen at once.</summary>
    private static readonly (string Loss, double Beta, double WinRate)[] Ended =
    [
        ("", 0, 0.3), ("dpo", 0.1, 0.5), ("dpo", 0.4, 0.4), ("dpo+ld-dpo:alpha=0", 0.1, 0.41), ("dpo+ld-dpo:alpha=0", 0.4, 0.44),
        ("dpo+ld-dpo:alpha=0.5", 0.1, 0.42), ("dpo+ld-dpo:alpha=0.5", 0.4, 0.43), ("dpo+wpo", 0.1, 0.1), ("dpo+wpo", 0.4, 0.2),
        ("r-dpo", 0.1, 0.6), ("r-dpo", 0.4, 0.1), ("r-dpo(alpha=0.2)", 0.1, 0.7), ("r-dpo(alpha=0.2)", 0.4, 0.2),
        ("ipo", 0.2, 0.3), ("ipo+tr-dpo", 0.2, 0.3), ("slic", 0.1, 0.9),
    ];

    [Fact]
    public async Task The_grid_is_the_best_cells_of_each_remedy_and_the_losses_by_themselves()
    {
        using MicroStudy finished = MicroStudy.Empty();
        Write(finished, Ended);
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition asked = MicroStudy.Definition([.. Grid, "labeller={noise: 0.25}"]);
        StudyDefinition cut = Finalists.Of(asked, finished.Folder, study.Folder);
        Assert.Equal(
            [
                "dpo 0.1", "dpo 0.4", "ipo 0.2", "dpo+ld-dpo:alpha=0 0.4", "dpo+ld-dpo:alpha=0.5 0.1", "dpo+ld-dpo:alpha=0.5 0.4",
                "dpo+wpo 0.1", "dpo+wpo 0.4", "r-dpo(alpha=0.2) 0.1", "r-dpo(alpha=0.2) 0.4", "r-dpo 0.1", "ipo+tr-dpo 0.2",
            ],
            StudyCell.Of(cut).Select(cell => FormattableString.Invariant($"{cell.Method} {cell.Beta}")));
        Assert.Equal((new FinalistsDefinition(finished.Folder, 3), 0.25), (cut.Finalists, cut.Labeller!.Noise));

        // The folder knows its grid: it resumes when the finished study is gone, and other settings are free to change.
        await study.RunAsync(cut);
        Directory.Delete(finished.Folder, recursive: true);
        StudyDefinition resumed = Finalists.Of(asked, finished.Folder, study.Folder);
        Assert.Equal(StudyJson.Write(cut), StudyJson.Write(resumed));
        Assert.Empty(await study.RunAsync(resumed));
        Assert.Equal(0.1, Finalists.Of(
            MicroStudy.Definition([.. Grid, "labeller={noise: 0.1}"]), finished.Folder, study.Folder).Labeller!.Noise);
        Directory.CreateDirectory(finished.Folder);
    }

    [Fact]
    public void As_many_cells_as_the_study_confirms()
    {
        using MicroStudy finished = MicroStudy.Empty();
        Write(finished, Ended);
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition cut = Finalists.Of(
            MicroStudy.Definition([.. Grid, "keep=weights", "evaluate.confirm={prompts: 8, cells: 1}"]), finished.Folder, study.Folder);
        Assert.Equal(
            ["dpo 0.1", "dpo 0.4", "ipo 0.2", "dpo+ld-dpo:alpha=0 0.4", "dpo+wpo 0.4", "r-dpo 0.1", "ipo+tr-dpo 0.2"],
            StudyCell.Of(cut).Select(cell => FormattableString.Invariant($"{cell.Method} {cell.Beta}")));
    }

    [Fact]
    public void What_is_no_finished_study_of_the_same_grid_is_told()
    {
        using MicroStudy finished = MicroStudy.Empty();
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition asked = MicroStudy.Definition(Grid);
        Assert.Contains("expected the folder of a finished study", Fault<InvalidDataException>(asked), StringComparison.Ordinal);
        StudyDirectory.Claim(finished.Folder);
        Assert.Contains("is not finished, it has no results.json", Fault<FileNotFoundException>(asked), StringComparison.Ordinal);
        Write(finished, [.. Ended.Where(ended => !RemediedLosses.Contains(ended.Loss))]);
        Assert.Contains("no remedy has a win rate there", Fault<InvalidDataException>(asked), StringComparison.Ordinal);
        Write(finished, Ended);
        Assert.Contains(
            "dpo+wpo at β 0.4 did best there and is not in this study's grid (dpo, ",
            Fault<InvalidDataException>(MicroStudy.Definition([.. Grid, "align.remedies=[\"ld-dpo:alpha=0\", \"ld-dpo:alpha=0.5\"]"])),
            StringComparison.Ordinal);
        Assert.Contains(
            "ipo did best there", Fault<InvalidDataException>(MicroStudy.Definition([.. Grid, "align.also=[{losses: [r-dpo], remedies: none}]"])),
            StringComparison.Ordinal);

        string Fault<T>(StudyDefinition definition)
            where T : Exception => Assert.Throws<T>(() => Finalists.Of(definition, finished.Folder, study.Folder)).Message;
    }

    private static void Write(MicroStudy study, (string Loss, double Beta, double WinRate)[] ended)
    {
        StudyDirectory.Claim(study.Folder);
        StudyResults results = new()
        {
            Points =
            [
                .. ended.Select(end => new CheckpointPoint
                {
                    Loss = end.Loss,
                    Model = "XS",
                    Beta = end.Loss.Length == 0 ? null : end.Beta,
                    Fraction = end.Loss.Length == 0 ? 0 : 1,
                    Kl = end.Loss.Length == 0 ? 0 : 1,
                    WinRate = end.WinRate,
                }),
            ],
            Fits = [],
            Claims = [],
            Samples = [],
            Study = new StudySummary("s", "", [new ModelSummary("XS", 1, 1, new Dictionary<string, double>())], ["dpo"], [0.1], [1], [0], 1, 1, "", "", "", "", []),
            Cost = new StudyCost(0, 0, 0, 0, []),
        };
        StudyResultsFile.Write(results, Path.Combine(study.Folder, "results.json"));
    }
}
