using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Goodhart.Studies.Running;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>Averages of models in studies: evaluated like checkpoints, and nothing is trained for them.</summary>
public sealed class AverageStudyTests
{
    private static readonly string[] Averages =
    [
        "align.losses=[dpo]", "seeds=[0, 1]", "keep=weights",
        "align.remedies=[\"wise-ft:alpha=0.25\", soup, \"ema:decay=0.9\", seed-soup]",
    ];

    [Fact]
    public async Task They_stand_in_the_league_table_without_any_training()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition(Averages);
        string[] executed = await study.RunAsync(definition);
        Assert.Equal(2 * 2, executed.Count(name => name == "preference-segment"));

        // Of each seed two of wise-ft, two of soup and two of ema; the soups of both seeds are one.
        Assert.Equal((2 * 6) + 2, executed.Count(name => name == "average-models"));
        StudyResults results = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        Assert.Equal(["", "wise-ft:alpha=0.25", "soup", "ema:decay=0.9", "seed-soup"], results.Remedies.Select(row => row.Remedies));
        Assert.All(results.Remedies.Skip(1), row => Assert.NotNull(row.Best.Difference));

        // A soup of seeds has the labels and the compute of all of them, the others those of one run.
        double plain = results.Remedies[0].Flops!.Value;
        Assert.Equal([1, 1, 1, 1, 2], results.Remedies.Select(row => Math.Round(row.Flops!.Value / plain, 9)));
        Assert.Equal(
            2 * results.Points.Single(point => point is { Loss: "dpo", Seed: 0, Fraction: 1 }).Examples,
            results.Points.Single(point => point is { Loss: "dpo+seed-soup", Seed: 0, Fraction: 1 }).Examples);

        // A quarter of the way is less far; the first soup is of one checkpoint, which it equals.
        Assert.True(Kl("dpo+wise-ft:alpha=0.25", 1) < Kl("dpo", 1));
        Assert.Equal(Kl("dpo", 0.5), Kl("dpo+soup", 0.5), 1e-12);
        Assert.NotEqual(Kl("dpo", 1), Kl("dpo+soup", 1));
        Assert.Equal(Kl("dpo", 0.5), Kl("dpo+ema:decay=0.9", 0.5), 1e-12);
        Assert.True(Kl("dpo+ema:decay=0.9", 1) < Kl("dpo+soup", 1));
        Assert.Empty(await study.RunAsync(definition));

        double Kl(string loss, double fraction) =>
            results.Points.Single(point => point.Loss == loss && point is { Seed: 0 } && point.Fraction == fraction).Kl;
    }

    [Fact]
    public async Task Each_weight_is_the_average_of_the_weights()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition([.. Averages, "align.checkpoints=[0.25, 0.5, 1]"]);
        await study.RunAsync(definition);
        StudyRun run = study.Prepare(definition);
        Plan plan = run.Plan();
        PlannedStep[] averages = [.. plan.Steps.Where(step => step.Step is AverageModels)];
        Assert.Contains(averages, step => ((AverageModels)step.Step).Models.Count == 3);
        foreach (PlannedStep step in averages.DistinctBy(step => (Rule(step), ((AverageModels)step.Step).Models.Count)))
        {
            // Its model went when it had been measured; it is made again from what the study keeps.
            Directory.Delete(study.FolderOf(step), recursive: true);
            Assert.True((await run.RunStepAsync(step.Folder, CancellationToken.None)).Ran);
            AverageModels average = (AverageModels)step.Step;
            float[][] models = [.. average.Models.Select(model => Read(((StoredModel)model).Step))];
            double[] weights = average.Weights.Of(models.Length);
            float[] found = Read(average);
            Assert.Equal([.. found.Select((_, i) => (float)models.Select((own, m) => weights[m] * own[i]).Sum())], found);
        }

        static string Rule(PlannedStep step) => ((AverageModels)step.Step).Weights.Name;

        float[] Read(Step step) => Values(Path.Combine(study.FolderOf(plan.Steps.Single(made => made.Step.Key == step.Key)), ModelFiles.Model));
    }

    [Fact]
    public void Seeds_that_two_grids_name_are_of_one_soup_where_their_numbers_are_the_same()
    {
        StudyDefinition definition = MicroStudy.Definition(
        [
            "seeds=[0, 1]",
            "align.also=[{losses: [r-dpo], seeds: [0], remedies: [seed-soup], parameters: {alpha: 0.05}}, "
                + "{losses: [r-dpo], seeds: [1], remedies: [seed-soup], parameters: {alpha: 0.05}}]",
        ]);
        StudyCell[] soups = [.. StudyCell.Of(definition).Where(cell => cell.Remedies == "seed-soup")];
        Assert.Equal(2, soups.Length);
        Assert.All(soups, soup => Assert.Equal([0, 1], soup.OfAllSeeds(definition).Select(cell => cell.Seed)));
    }

    [Theory]
    [InlineData("seeds=[0]", "seed-soup", "seed-soup averages the runs of several seeds, and the study has one")]
    [InlineData("seeds=[0, 1]", "seed-soup+online", "the pairs of online are each seed's own: leave one out")]
    [InlineData("seeds=[0, 1]", "soup+seed-soup", "expected one remedy for the weights of the trained model")]
    [InlineData("align.lora={r: 2}", "soup", "soup averages whole models, and these are adapters")]
    public void What_cannot_be_averaged_is_told_before_anything_runs(string setting, string remedy, string message)
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyFileException fault = Assert.Throws<StudyFileException>(
            () => study.Prepare(MicroStudy.Definition("align.losses=[dpo]", setting, $"align.remedies=[\"{remedy}\"]")));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private static float[] Values(string folder)
    {
        using ModelFolder model = ModelFolder.Open(folder, told: null);
        List<float> values = [];
        foreach ((string name, long count) in model.Tensors.Select(tensor => (tensor.Name, tensor.Shape.Elements)))
        {
            float[] own = new float[count];
            model.ReadInto(name, own);
            values.AddRange(own);
        }

        return [.. values];
    }
}
