using Goodhart.Alignment.Remedies;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary><c>align.remedies</c>, from the study file to the league table.</summary>
public sealed class RemedyStudyTests
{
    [Fact]
    public async Task Each_loss_is_run_by_itself_and_under_each_remedy_on_the_same_prompts()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition("align.remedies=[\"is-daa:epsilon=0.5\", wpo+tr-dpo]", "align.losses=[dpo]");
        Assert.Equal(["is-daa:epsilon=0.5", "wpo+tr-dpo"], StudyJson.Read(StudyJson.Write(definition)).Align.Remedies);
        string[] executed = await study.RunAsync(definition);
        Assert.Equal(6, executed.Count(name => name == "preference-segment"));

        StudyResults results = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        Assert.Equal(
            ["", "dpo", "dpo", "dpo+is-daa:epsilon=0.5", "dpo+is-daa:epsilon=0.5", "dpo+wpo+tr-dpo", "dpo+wpo+tr-dpo"],
            results.Points.Select(point => point.Loss));
        Assert.Equal(3, results.Points.Where(point => point.Fraction == 1).Select(point => point.Kl).Distinct().Count());
        Assert.Equal(["", "is-daa:epsilon=0.5", "wpo+tr-dpo"], results.Remedies.Select(row => row.Remedies));
        Assert.All(results.Remedies.Skip(1), row => Assert.NotNull(row.Best.Difference));

        // The paper's claims are of the losses by themselves.
        Assert.DoesNotContain(results.Claims, claim => claim.Id.Contains('+', StringComparison.Ordinal));
        Assert.DoesNotContain(results.Fits, fit => fit.Group.Contains('+', StringComparison.Ordinal));
        string page = study.Read("report.html");
        Assert.Contains("DPO + wpo+tr-dpo", page, StringComparison.Ordinal);
        Assert.Contains("id=\"remedies\"", page, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(study.Folder, "figures", "remedies-dpo.svg")));
        Assert.Contains("\ndpo+wpo+tr-dpo,", study.Read("points.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tournament_runs_end_to_end()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition whole = StudyFile.Preset("remedies");
        Assert.Equal(3 * 3 * (27 + 5 + 4), Goodhart.Studies.Running.StudyCell.Of(whole).Count);
        StudyDefinition tiny = MicroStudy.Of(
            "remedies", "models[0].heads=2", "align.losses=[dpo]", "align.remedies=[\"is-daa:epsilon=0.25\", \"is-daa:epsilon=1\"]", "seeds=[0]", "evaluate.confirm={prompts: 8}",
            "labeller={noise: 0.25}", "align.also=[{losses: [rpo], remedies: none}, {losses: [ipo], remedies: [\"kl-target:target=1\"]}]");
        Assert.Equal([], tiny.Align.Also[0].Remedies);
        string[] executed = await study.RunAsync(tiny);
        Assert.Equal(2 * 6, executed.Count(name => name == "preference-segment"));

        StudyResults results = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        Assert.Equal(
            ["dpo", "dpo+is-daa:epsilon=0.25", "dpo+is-daa:epsilon=1", "rpo against dpo", "ipo", "ipo+kl-target:target=1"],
            results.Remedies.Select(row => row.Against is { } other
                ? $"{row.Loss} against {other}"
                : RemediedLosses.Name(row.Loss, row.Remedies.Length == 0 ? null : row.Remedies)));
        Assert.All(results.Remedies, row => Assert.Equal(row.IsPlain, row.Best.Difference is null));
        string drawn = study.Read("figures/remedies-dpo.csv");
        Assert.Contains("rpo", drawn, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ipo", drawn, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("RPO", study.Read("report.html"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_run_without_remedies_is_the_run_it_was()
    {
        using MicroStudy study = MicroStudy.Empty();
        await study.RunAsync(MicroStudy.Definition("align.losses=[dpo]"));
        string[] executed = await study.RunAsync(MicroStudy.Definition("align.losses=[dpo]", "align.remedies=[ld-dpo]"));
        Assert.Equal(2, executed.Count(name => name == "preference-segment"));
    }

    /// <summary>Whatever a rehearsal's numbers do not bear of a remedy would show here.</summary>
    [Fact]
    public void Memory_counts_the_reference_that_a_remedy_holds()
    {
        using MicroStudy study = MicroStudy.Empty();
        long plain = Bytes("align.losses=[dpo]");
        Assert.Equal(plain, Bytes("align.losses=[dpo]", "align.remedies=[is-daa]"));
        Assert.InRange(Bytes("align.losses=[aot]"), plain, 2 * plain);
        foreach (RemedyEntry remedy in RemedyCatalogue.All.Where(remedy => remedy.NeedsReferenceModel))
        {
            long held = Bytes("align.losses=[dpo]", $"align.remedies=[{remedy.Name}]");
            Assert.True(held > plain, $"{remedy.Name}: {held} bytes, {plain} without");
        }

        // Of this width weights outweigh the keys and values of a measurement, and with Adam's two states its packed weights too; nothing
        // of it is made.
        long Bytes(params string[] settings) => study.Prepare(MicroStudy.Definition(
            ["models[0].hiddenSize=4096", "align.optimizer={name: adam, beta1: 0.9, beta2: 0.95, eps: 1e-8}", .. settings])).Memory.Step;
    }

    [Fact]
    public void A_further_grid_may_have_its_own()
    {
        StudyDefinition definition = MicroStudy.Definition(
            "align.losses=[dpo, ipo]", "align.remedies=[wpo]", "align.also=[{seeds: [1], losses: [dpo], remedies: [is-daa]}]");
        Assert.Equal(
            ["dpo 0", "dpo+wpo 0", "ipo 0", "ipo+wpo 0", "dpo 1", "dpo+is-daa 1"],
            Goodhart.Studies.Running.StudyCell.Of(definition).Select(cell => FormattableString.Invariant($"{cell.Method} {cell.Seed}")));
    }

    [Theory]
    [InlineData("align.remedies=[none-such]", "align.remedies: unknown remedy 'none-such'")]
    [InlineData("align.remedies=[\"wpo:x=1\"]", "wpo has no parameter")]
    [InlineData("align.remedies=[\"is-daa:epsilon\"]", "expected NAME:PARAMETER=VALUE with a number, found epsilon")]
    [InlineData("align.remedies=[wpo, wpo]", "align.remedies: expected each once, found wpo more than once")]
    public void A_wrong_remedy_is_told_with_its_place(string wrong, string message) =>
        Assert.Contains(message, Assert.Throws<StudyFileException>(() => MicroStudy.Definition(wrong)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[simpo]", "[tr-dpo]", "tr-dpo acts through the reference, and simpo has none")]
    [InlineData("[dpo]", "[wpo+is-daa]", "expected one remedy for the")]
    public void A_remedy_that_a_loss_cannot_have_is_told_before_anything_runs(string losses, string remedies, string message)
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition($"align.losses={losses}", $"align.remedies={remedies}");
        Assert.Contains(message, Assert.Throws<StudyFileException>(() => study.Prepare(definition)).Message, StringComparison.Ordinal);
    }
}
