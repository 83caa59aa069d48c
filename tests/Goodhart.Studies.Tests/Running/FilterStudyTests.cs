using System.Text.Json;
using Goodhart.Alignment.Training;
using Goodhart.Evaluation.Points;
using Goodhart.Evaluation.Remedies;
using Goodhart.Pipeline;
using Goodhart.Steps.Filtering;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>Filters of pairs in studies: who says which are left out, and what it costs.</summary>
public sealed class FilterStudyTests
{
    private static readonly string[] Filters =
    [
        "align.losses=[dpo]", RlhfStudyTests.Rlhf,
        "align.remedies=[\"filter-reward:keep=0.75\", \"filter-confidence:keep=0.5\", \"filter-reference:keep=0.5+wpo\", "
            + "\"filter-cross-fit:keep=0.75\"]",
    ];

    [Fact]
    public async Task Filters_cost_all_labels_and_train_on_less()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition(Filters);
        await study.RunAsync(definition);
        StudyResults results = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        string[] names =
            ["", "filter-reward:keep=0.75", "filter-confidence:keep=0.5", "filter-reference:keep=0.5+wpo", "filter-cross-fit:keep=0.75"];
        Assert.Equal(names, results.Remedies.Select(row => row.Remedies));
        CheckpointPoint[] last = [.. results.Points.Where(point => point.Fraction == 1)];
        Assert.Equal([4, 3, 2, 2, 3], last.Select(point => point.Step));
        Assert.All(last, point => Assert.Equal(64, point.Examples));
        Assert.All(results.Points.Where(point => point.Fraction == 0.5), point => Assert.Equal(32, point.Examples));
        Assert.Equal(5, last.Select(point => point.Kl).Distinct().Count());
        Assert.All(
            results.RemedyBudgets.Where(row => row is { Kind: SpentKind.Labels, Share: 1 }), row => Assert.Equal(64, row.Budget));

        // In forward passes over all pairs, of which an epoch of training is three and the reference's scores are one more: half of
        // both and the scores that decide; three quarters of both, two halves of training, and both models' scores of all.
        double plain = results.Remedies[0].Flops!.Value;
        Assert.Equal((2 + 1) / 4.0, results.Remedies[3].Flops!.Value / plain, 1e-9);
        Assert.Equal((3 + 3 + 2) / 4.0, results.Remedies[4].Flops!.Value / plain, 1e-9);
        Assert.True(results.Remedies[1].Flops > results.Remedies[2].Flops);
        Assert.Empty(await study.RunAsync(definition));
    }

    [Fact]
    public async Task What_is_kept_is_what_the_margins_say()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition(Filters);
        await study.RunAsync(definition);
        Plan plan = study.Prepare(definition).Plan();
        PreferenceSegment[] runs =
            [.. plan.Steps.Select(step => step.Step).OfType<PreferenceSegment>().Where(run => run is { Rows: KeptPairs, Previous: null })];
        Assert.Equal(4, runs.Length);
        foreach (PreferenceSegment run in runs)
        {
            KeptPairs kept = (KeptPairs)run.Rows;
            double[] margins = Result<double[]>(kept.Margins);
            Assert.Equal(64, margins.Length);
            Assert.True(margins.Distinct().Count() > 32);

            // The reference's scores of what is kept are its scores of all pairs at those places.
            ReferencePair[] all = Result<ReferencePair[]>(plan.Steps.Select(step => step.Step).OfType<ReferenceScores>().Single(
                scores => scores.Rows is TokenizePairs rows && rows.Key == kept.All.Key && scores.Reference.IsSameAs(run.Model)));
            ReferencePair[] own = Result<ReferencePair[]>(run.Reference);
            int[] places = kept.Filter.Kept(margins);
            Assert.Equal(places.Length, own.Length);
            Assert.All(places, (place, i) => Assert.Equal(all[place].Chosen, own[i].Chosen, 1e-3));
        }

        T Result<T>(Step<T> step) => JsonSerializer.Deserialize<T>(
            File.ReadAllText(Path.Combine(study.FolderOf(plan.Steps.Single(made => made.Step.Key == step.Key)), "result.json")),
            JsonSerializerOptions.Web)!;
    }

    [Fact]
    public void A_pair_is_judged_by_the_policy_that_has_not_seen_it()
    {
        using MicroStudy study = MicroStudy.Empty();
        Plan plan = study.Prepare(MicroStudy.Definition(
            "align.losses=[dpo]", "align.pairs=65", "seeds=[0, 1]", "align.remedies=[filter-cross-fit]")).Plan();
        CrossFittedMargins[] margins = [.. plan.Steps.Select(step => step.Step).OfType<CrossFittedMargins>()];
        Assert.Equal(2, margins.Length);
        foreach (ReferenceScores scores in margins.SelectMany(seed => seed.Policy))
        {
            HalfOfPairs judged = (HalfOfPairs)scores.Rows;
            HalfOfPairs trained = (HalfOfPairs)((PreferenceSegment)((StoredModel)scores.Reference).Step).Rows;
            Assert.Equal(judged.All, trained.All);
            Assert.Equal(judged.Seed, trained.Seed);
            Assert.Equal(65, judged.Count(65) + trained.Count(65));
            Assert.Equal(Enumerable.Range(0, 65), judged.Indices(65).Concat(trained.Indices(65)).Order());
        }
    }

    [Fact]
    public async Task With_data_of_ones_own_there_are_filters_too_and_other_workers_and_threads_leave_the_same_bits()
    {
        using DataFiles files = new();
        StudyDefinition definition = files.Study(
            "align.losses=[dpo]", "align.remedies=[\"filter-cross-fit:keep=0.6\", \"filter-reference:keep=0.6\"]");
        using MicroStudy study = MicroStudy.Empty();
        string[] executed = await study.RunAsync(definition);
        Assert.Contains("cross-fitted-margins", executed);
        using MicroStudy other = MicroStudy.Empty();
        await other.RunAsync(definition, workers: 2, threads: 2);
        Assert.Equal(study.Artifacts(), other.Artifacts());
    }

    [Theory]
    [InlineData("filter-reward", "filter-reward needs the key 'rlhf'")]
    [InlineData("filter-reference:keep=0.1", "of 64 pairs 6 are kept, less than a batch of 16: raise keep or lower align.batchSize")]
    [InlineData("filter-reference:keep=1", "expected keep in (0, 1)")]
    [InlineData("filter-reference+online", "expected one remedy for the pairs themselves")]
    [InlineData("filter-reference+seed-soup", "the pairs of filter-reference are each seed's own: leave one out")]
    public void A_filter_that_cannot_be_had_is_told_before_anything_runs(string remedy, string message)
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyFileException fault = Assert.Throws<StudyFileException>(() => study.Prepare(
            MicroStudy.Definition("align.losses=[dpo]", "seeds=[0, 1]", $"align.remedies=[\"{remedy}\"]")).Plan());
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}
