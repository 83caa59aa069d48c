using System.Text.Json.Nodes;
using Goodhart.Engine.Randomness;
using Goodhart.Evaluation.Remedies;
using Goodhart.Pipeline;
using Goodhart.Steps.Labelling;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Reporting;
using Goodhart.Studies.Results;
using Goodhart.Text.Data;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Studies.Tests.Running;

/// <summary>Iterated alignment in studies: the policy's own responses, labelled anew in every round.</summary>
public sealed class OnlineStudyTests
{
    [Fact]
    public async Task Rounds_spend_the_same_labels_and_stand_in_the_league_table()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition(
            "align.losses=[dpo]", "align.remedies=[\"online:rounds=2\", \"online-gold:rounds=1+wpo\"]");
        string[] executed = await study.RunAsync(definition);
        Assert.Equal(3, executed.Count(name => name == "sample-pairs"));
        StudyResults results = StudyResultsFile.Read(Path.Combine(study.Folder, "results.json"));
        Assert.Equal(["", "online:rounds=2", "online-gold:rounds=1+wpo"], results.Remedies.Select(row => row.Remedies));
        Assert.All(results.Remedies.Skip(1), row => Assert.NotNull(row.Best.Difference));
        Assert.Equal(
            results.Points.Where(point => point.Loss == "dpo").Select(point => point.Examples),
            results.Points.Where(point => point.Loss == "dpo+online:rounds=2").Select(point => point.Examples));
        Assert.Equal(3, results.Points.Where(point => point.Fraction == 1).Select(point => point.Kl).Distinct().Count());

        // Two rounds score as many pairs as one pass over the data does.
        double[] scored = [.. study.Prepare(definition).Plan().Steps.Where(step => step.Name == "reference-scores")
            .Select(step => step.Step.EstimatedCost).OrderDescending()];
        Assert.Equal(scored[0], scored.Skip(1).Where(cost => cost < 0.7 * scored[0] && cost > 0.3 * scored[0]).Sum(), 0.02 * scored[0]);

        // Labels are equal; what was sampled is paid besides.
        Assert.Equal(2 * 3 * 3, results.RemedyBudgets.Count);
        Assert.True(results.Remedies[1].Flops > 1.01 * results.Remedies[0].Flops);
        Assert.True(results.RemedyBudgets.Where(row => row.Kind == SpentKind.Labels && row.Share == 1).All(row => row.Budget == 64));
        string page = study.Read("report.html");
        Assert.Contains("At equal labels:", page, StringComparison.Ordinal);
        Assert.Contains("At equal training compute:", page, StringComparison.Ordinal);
        Assert.Empty(await study.RunAsync(definition));
    }

    [Fact]
    public async Task A_round_asks_other_prompts_of_the_policy_before_it_and_labels_its_responses()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition(
            "align.losses=[dpo]", "align.remedies=[\"online:rounds=3\"]", "align.pairs=100", "labeller={noise: 0.25}");
        await study.RunAsync(definition);
        Plan plan = study.Prepare(definition).Plan();
        PlannedStep[] rounds = [.. plan.Steps.Where(step => step.Step is SamplePairs).OrderBy(step => ((SamplePairs)step.Step).Round)];
        Assert.Equal([0, 1, 2], rounds.Select(step => ((SamplePairs)step.Step).Round));
        Assert.All(rounds, step => Assert.Equal(32, ((SamplePairs)step.Step).Count));
        TokenizedPair[][] pairs = [.. rounds.Select(step => Read(study.FolderOf(step)))];
        Assert.Equal(96, pairs.SelectMany(round => round).Select(pair => pair.Id).Distinct().Count());

        // The run says which it is, and all its rounds are one epoch.
        PlannedStep last = plan.Steps.Where(step => step.Step is PreferenceSegment { Rows: SamplePairs })
            .MaxBy(step => ((PreferenceSegment)step.Step).End)!;
        Assert.StartsWith("dpo β=0.1 S online:rounds=3 to update", last.Step.Label, StringComparison.Ordinal);
        JsonNode result = JsonNode.Parse(File.ReadAllText(Path.Combine(study.FolderOf(last), "result.json")))!;
        Assert.Equal(1, (double)result["log"]!.AsArray()[^1]!["epoch"]!, 9);

        // Whoever labels is the study's labeller, with its noise, on exactly these responses.
        WorldRows source = new(WorldSet.Preferences, 0, 100) { Labeller = new PreferenceSampler { Noise = 0.25 } };
        Post[] posts = [.. source.Posts()];
        foreach (TokenizedPair pair in pairs.SelectMany(round => round))
        {
            Assert.Equal(posts[pair.Id].Prompt, pair.Prompt);
            GoldScore chosen = GoldReward.Score(posts[pair.Id], pair.Chosen);
            GoldScore rejected = GoldReward.Score(posts[pair.Id], pair.Rejected);
            double draw = new RandomStream(0, "labels of sampled pairs", (uint)pair.Id).NextDouble();
            PreferenceSampler labeller = source.Labeller;
            Assert.True(draw < labeller.Probability(chosen, rejected) || draw >= labeller.Probability(rejected, chosen));
        }
    }

    [Fact]
    public async Task A_reward_model_labels_too_and_other_workers_and_threads_leave_the_same_bits()
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyDefinition definition = MicroStudy.Definition(
            "align.losses=[dpo]", "align.remedies=[\"online-reward:rounds=2\"]", RlhfStudyTests.Rlhf);
        string[] executed = await study.RunAsync(definition);
        Assert.Contains("reward-segment", executed);
        using MicroStudy other = MicroStudy.Empty();
        await other.RunAsync(definition, workers: 2, threads: 2);
        Assert.Equal(study.Artifacts(), other.Artifacts());
    }

    [Fact]
    public async Task With_data_of_ones_own_the_judge_labels_and_there_are_no_annotators()
    {
        using RewardFiles files = new();
        using MicroStudy study = MicroStudy.Empty();
        string judge = $"judge={{kind: reward-model, from: '{files.OtherReward}'}}";
        string[] executed = await study.RunAsync(
            files.Data.Study("align.losses=[dpo]", "align.remedies=[\"online-judge:rounds=2\"]", judge));
        Assert.Equal(2, executed.Count(name => name == "sample-pairs"));
        Assert.Equal(
            ["", "online-judge:rounds=2"],
            StudyResultsFile.Read(Path.Combine(study.Folder, "results.json")).Remedies.Select(row => row.Remedies));
        Assert.Contains(
            "online needs a world",
            Assert.Throws<StudyFileException>(
                () => study.Prepare(files.Data.Study("align.losses=[dpo]", "align.remedies=[online]", judge))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("online-reward", "online-reward needs the key 'rlhf'")]
    [InlineData("online-judge", "the gold reward judges here: take online-gold")]
    [InlineData("online:rounds=8", "64 pairs in 8 rounds are less than a batch of 16 each")]
    [InlineData("online:rounds=1.5", "expected rounds a whole number")]
    [InlineData("online+online-gold", "expected one remedy for the pairs themselves")]
    public void What_nobody_can_label_is_told_before_anything_runs(string remedy, string message)
    {
        using MicroStudy study = MicroStudy.Empty();
        StudyFileException fault = Assert.Throws<StudyFileException>(
            () => study.Prepare(MicroStudy.Definition("align.losses=[dpo]", $"align.remedies=[\"{remedy}\"]")).Plan());
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private static TokenizedPair[] Read(string folder)
    {
        using BinaryReader reader = new(File.OpenRead(Path.Combine(folder, "rows.bin")));
        List<TokenizedPair> rows = [];
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            int id = reader.ReadInt32();
            int[] lengths = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32())];
            int[][] parts = [.. lengths.Select(length => Enumerable.Range(0, length).Select(_ => reader.ReadInt32()).ToArray())];
            rows.Add(new TokenizedPair(id, parts[0], parts[1], parts[2]));
        }

        return [.. rows];
    }
}
