using Goodhart.Engine.Optimizers;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Tests.Running;
using Goodhart.Testing;
using Xunit;

namespace Goodhart.Studies.Tests.Configuration;

public sealed class DataStudyFileTests(DataFiles files) : IClassFixture<DataFiles>
{
    [Fact]
    public void Binds_every_key()
    {
        StudyDefinition study = files.Study("align.checkpoints=[1]");
        Assert.Equal(
            (files.Preferences, files.HeldOut, files.Preferences),
            (study.Data!.Preferences.Text, study.Data!.HeldOut.Text, study.Data!.Sft?.Text));
        Assert.Equal("mine.yaml:3:16", study.Data!.Preferences.Place);
        Assert.Equal(new Dictionary<string, string> { ["chosen"] = "human", ["rejected"] = "model" }, study.Data!.Columns);
        Assert.Equal(new PromptDefinition(96, null, "newline"), study.Data!.Prompt);
        Assert.Equal(("tiny", files.Model), (study.Models.Single().Name, ((ExistingModel)study.Models.Single()).From.Text));
        Assert.Equal(
            new SftDefinition(null, 1, 8, new RmsProp { Alpha = 0.99, Eps = 1e-8 }, 1e-3, 1, 10, SftReduction.SequenceMean), study.Sft);
        Assert.Null(study.Align.Pairs);
    }

    [Theory]
    [InlineData("name: mine", "name: mine\nworld: tldr", "mine.yaml:4:3: data: a study has a world or data of its own, not both: leave "
        + "one out.")]
    [InlineData("  prompt: {", "  promt: {", "mine.yaml:2:1: missing key 'prompt' in data: expected a mapping.\nmine.yaml:7:3: unknown "
        + "key 'promt'. Did you mean 'prompt'? Keys of data: preferences, heldOut, sft, pretrain, prompts, tokenizer, columns, prompt, "
        + "badRows, maxBadRows, chatTemplate, prefixMismatch, chatDate.")]
    [InlineData("chosen: human", "chosn: human", "mine.yaml:6:14: unknown key 'chosn'. Did you mean 'chosen'? Keys of data.columns: "
        + "prompt, input, system, history, chosen, rejected, margin, completion, label, text, messages, conversations, reference.")]
    [InlineData("truncate: newline", "truncate: middle", "mine.yaml:7:38: data.prompt.truncate: expected one of keepEnd, keepStart, "
        + "newline, drop, paper, paper-keepEnd, found middle.")]
    [InlineData("checkpoints: [0.5, 1.0]", "checkpoints: [0.5, 1.0]\n  checkpointEvery: 8", "mine.yaml:22:20: align.checkpointEvery: "
        + "checkpoints are given already; leave one of the two out.")]
    [InlineData("keep: weights", "keep: weights\npretrain: 3", "mine.yaml:36:11: pretrain: expected a mapping, found 3.")]
    [InlineData("keep: weights", "keep: weights\njudge: { kind: gold }", "mine.yaml:36:1: missing key 'worldSeed' in judge: expected a "
        + "whole number >= 0.")]
    [InlineData(
        "keep: weights", "keep: weights\njudge: { kind: openai, model: m, url: 'http://me:secret@h/v1' }",
        "mine.yaml:36:39: judge.url: expected an address such as http://localhost:8000/v1 (http or https) without credentials, query or "
            + "fragment; the key is named by keyEnv or keyFile.")]
    [InlineData("keep: weights", "keep: weights\njudge: { kind: openai, model: m, maxCost: 3 }", "mine.yaml:36:43: judge.maxCost: a "
        + "budget in money needs the judge's price: priceIn and priceOut, in dollars per million tokens.")]
    public void Says_what_was_expected_and_found(string piece, string replacement, string message)
    {
        Assert.Contains(piece, files.Text, StringComparison.Ordinal);
        Assert.Equal(message, MessageOf(files.Text.Replace(piece, replacement, StringComparison.Ordinal)));
    }

    [Fact]
    public void Bad_rows_end_a_study_unless_they_may_be_passed_over()
    {
        Assert.Null(files.Study("keep=weights").Data!.MaxBadRows);
        Assert.Equal(0.01, files.Study("data.badRows=skip").Data!.MaxBadRows);
        Assert.Equal(0.2, files.Study("data.badRows=skip", "data.maxBadRows=0.2").Data!.MaxBadRows);
        Assert.Contains("data.maxBadRows belongs to badRows: skip", MessageOf(files.Text, "data.maxBadRows=0.2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Sft_needs_demonstrations_and_demonstrations_need_sft()
    {
        string without = files.Text.Replace($"  sft: {files.Preferences}\n", "", StringComparison.Ordinal);
        Assert.Contains("sft: expected data.sft, the demonstrations to train on", MessageOf(without), StringComparison.Ordinal);
        Assert.Equal(
            "mine.yaml:3:3: data: data.sft is given and sft: none leaves it unused; remove one.",
            MessageOf(files.Text, "sft=none"));
    }

    [Fact]
    public void A_policy_that_cannot_use_the_budget_is_refused() => Assert.StartsWith(
        "--set data.prompt.truncate=paper: data.prompt.truncate: truncation paper: the reference code has a limit for the whole and one "
            + "for the prompt",
        MessageOf(files.Text, "data.prompt.truncate=paper"), StringComparison.Ordinal);

    [Theory]
    [InlineData("pythia-tldr-paper")]
    [InlineData("pythia-tldr-clean")]
    public void A_preset_whose_places_are_empty_says_what_belongs_there(string preset)
    {
        using MicroStudy folder = MicroStudy.Empty();
        StudyFileException missing = Assert.Throws<StudyFileException>(() => folder.Prepare(StudyFile.Preset(preset)));
        Assert.Equal(6, missing.Mistakes.Count);
        Assert.All(missing.Mistakes, mistake => Assert.StartsWith($"studies/{preset}.yaml:", mistake, StringComparison.Ordinal));
        Assert.Contains(
            missing.Mistakes, mistake => mistake.Contains("models[2].from: no folder EleutherAI/pythia-6.9b.", StringComparison.Ordinal));
        Assert.Contains(missing.Mistakes, mistake => mistake.Contains("--set data.heldOut=FILE", StringComparison.Ordinal));
    }

    [Fact]
    public void The_reference_code_keeps_five_checkpoints_of_92_858_pairs()
    {
        AlignDefinition align = StudyFile.Preset("pythia-tldr-paper").Align;
        int updates = 92_858 / align.BatchSize;
        Assert.Equal(
            [19_968, 39_936, 59_904, 79_872, 92_800],
            align.Cadence.Fractions(updates, align.BatchSize).Select(fraction => (int)Math.Round(fraction * updates) * align.BatchSize));
    }

    [Fact]
    public void The_guides_study_file_is_one()
    {
        string guide = File.ReadAllText(Path.Combine(Golden.Root, "docs", "guides", "study-on-your-data.md"));
        string[] blocks = [.. guide.Split("```yaml\n").Skip(1).Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)])];
        StudyDefinition study = StudyFile.Parse("guide.yaml", blocks[0]);
        Assert.Equal(("mine", "small", null, null), (study.Name, study.Models.Single().Name, study.Judge, study.Rlhf));
        Assert.IsType<ChatJudgeDefinition>((StudyFile.Parse("guide.yaml", blocks[0] + blocks[1])).Judge);
        StudyDefinition rlhf = StudyFile.Parse("guide.yaml", blocks[0] + blocks[2] + blocks[3], ["align.losses=[dpo, ppo, best-of-n]"]);
        Assert.IsType<RewardModelJudgeDefinition>(rlhf.Judge);
        Assert.Equal(16, rlhf.Rlhf?.BestOfN.Pool);
    }

    private static string MessageOf(string text, params string[] overrides) =>
        Assert.Throws<StudyFileException>(() => StudyFile.Parse("mine.yaml", text, overrides)).Message;
}
