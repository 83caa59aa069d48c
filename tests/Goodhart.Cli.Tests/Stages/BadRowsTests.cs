using System.Text.Json.Nodes;
using Xunit;

namespace Goodhart.Cli.Tests.Stages;

/// <summary>One bad row in a file, and what every verb that reads rows makes of it.</summary>
public sealed class BadRowsTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private const string Skipped =
        "1 bad row skipped, bad.jsonl line 4: column chosen: expected a string, as in the rows before, found a number";

    [Theory]
    [InlineData("sft", "$sft", "$bad")]
    [InlineData("align", "$sft", "$bad", "--checkpoints", "1")]
    [InlineData("align", "$sft", "$bad", "--loss", "kto", "--checkpoints", "1")]
    [InlineData("reward", "$sft", "--data", "$bad")]
    public async Task Training_passes_it_over_and_says_so(params string[] command)
    {
        string to = tiny.Fresh($"bad-{command[0]}-{command.Length}");
        string[] all = [.. command.Select(Filled), "--out", to, .. TinyRun.Update];
        CommandRun refused = await CommandRun.Of(all);
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains("bad.jsonl line 4, column chosen: expected a string", refused.Error, StringComparison.Ordinal);

        CommandRun few = await CommandRun.Of([.. all, "--bad-rows", "skip"]);
        Assert.Equal(ExitCode.BadInput, few.Code);
        Assert.Contains("1 of 9 rows is bad, more than the 1 % that --max-bad-rows allows", few.Error, StringComparison.Ordinal);

        CommandRun run = await CommandRun.Of([.. all, "--bad-rows", "skip", "--max-bad-rows", "0.2"]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains(Skipped, run.Output, StringComparison.Ordinal);
        JsonNode data = JsonNode.Parse(File.ReadAllText($"{to}/run.json"))!["data"]!;
        Assert.Equal((9, 1), ((int)data["read"]!, (int)data["badRows"]![0]!["count"]!));
    }

    [Theory]
    [InlineData("data", "inspect", "$bad")]
    [InlineData("data", "split", "$bad", "--out", "$new", "--fractions", "a=0.5,b=0.5")]
    [InlineData("data", "convert", "$bad", "--unpaired", "--to", "jsonl", "--out", "$new")]
    [InlineData("rank", "$bad")]
    [InlineData("sample", "$sft", "--prompts", "$prompts", "--max-new-tokens", "4")]
    [InlineData("kl", "$sft", "$sft", "--prompts", "$prompts", "--max-new-tokens", "4")]
    [InlineData("evaluate", "$sft", "--reference", "$sft", "--prompts", "$prompts", "--max-new-tokens", "4", "--out", "$new")]
    [InlineData("sample", "$sft", "--prompts", "$ids", "--max-new-tokens", "4")]
    [InlineData("softq", "$sft", "$sft", "--prompts", "$one", "--data", "$bad", "--beta", "0.1", "--max-new-tokens", "4")]
    [InlineData("winrate", "$replies", "$world", "--judge", "gold")]
    [InlineData("winrate", "$world", "$replies", "--judge", "gold")]
    [InlineData("data", "convert", "$broken", "--to", "csv", "--out", "$new")]
    [InlineData("data", "convert", "$broken", "--to", "jsonl", "--out", "$new")]
    public async Task Other_verbs_pass_it_over_too(params string[] command)
    {
        string to = tiny.Fresh(
            $"other-{string.Concat(command)}".Replace("$", "", StringComparison.Ordinal).Replace("/", "", StringComparison.Ordinal));
        string[] all = [.. command.Select(part => part == "$new" ? to : Filled(part))];
        CommandRun refused = await CommandRun.Of(all);
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Matches("line 4[,:] ", refused.Error);
        CommandRun few = await CommandRun.Of([.. all, "--bad-rows", "skip"]);
        Assert.Equal(ExitCode.BadInput, few.Code);
        Assert.Contains("more than the 1 % that --max-bad-rows allows", few.Error, StringComparison.Ordinal);
        CommandRun run = await CommandRun.Of([.. all, "--bad-rows", "skip", "--max-bad-rows", "0.5"]);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Matches(@"1 bad row skipped, \S+ line 4\b", run.Output + run.Error);
    }

    [Theory]
    [InlineData("sample", "$sft", "--prompts", "$extra", "--max-new-tokens", "4")]
    [InlineData("kl", "$sft", "$sft", "--prompts", "$extra", "--max-new-tokens", "4")]
    [InlineData("evaluate", "$sft", "--reference", "$sft", "--prompts", "$extra", "--max-new-tokens", "4", "--out", "$new")]
    [InlineData("rank", "$extra")]
    [InlineData("softq", "$sft", "$sft", "--prompts", "$one", "--data", "$extra", "--beta", "0.1", "--max-new-tokens", "4")]
    public async Task Columns_that_say_nothing_are_named(params string[] command)
    {
        string to = tiny.Fresh($"extra-{command[0]}");
        CommandRun run = await CommandRun.Of([.. command.Select(part => part == "$new" ? to : Filled(part))]);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        Assert.Contains("columns not used: source", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sample", "$sft", "--prompts", "$ids")]
    [InlineData("softq", "$sft", "$sft", "--prompts", "$ids", "--data", "$good", "--beta", "0.1")]
    public async Task Columns_beside_token_ids_are_refused(params string[] command)
    {
        CommandRun run = await CommandRun.Of(
            [.. command.Select(Filled), "--columns", "prompt=question", "--bad-rows", "skip", "--max-new-tokens", "4"]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("the rows have promptIds, which are taken as they are", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sampling_knows_columns_of_other_names()
    {
        string file = tiny.Fresh("questions.jsonl");
        File.WriteAllText(file, "{\"question\":\"my sister\",\"prompt\":\"my boss\"}\n");
        CommandRun run = await CommandRun.Of(
            "sample", $"{tiny.Sft}/model", "--prompts", file, "--columns", "prompt=question", "--max-new-tokens", "4", "--quiet");
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Equal("my sister", (string)JsonNode.Parse(run.Output)!["prompt"]!);
    }

    [Fact]
    public async Task A_share_without_skipping_is_refused()
    {
        CommandRun run = await CommandRun.Of("data", "inspect", tiny.Data("preferences"), "--max-bad-rows", "0.5");
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("--max-bad-rows belongs to --bad-rows skip", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_a_usable_row_says_why_and_what_may_help()
    {
        string file = tiny.Fresh("none.jsonl");
        File.WriteAllLines(
            file, Enumerable.Repeat("{\"prompt\":\"my sister\",\"question\":\"my\",\"completion\":\"is\",\"label\":false}", 5));
        CommandRun run = await CommandRun.Of(["sft", $"{tiny.Sft}/model", file, "--out", tiny.Fresh("none"), .. TinyRun.Update]);
        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains(
            "none of its 5 rows can be used: a response that is labelled undesirable (5). Only responses that are labelled desirable are "
                + "imitated; `align --loss kto`",
            run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reward_models_pass_over_a_margin_that_is_no_number_and_inspection_tells_of_it()
    {
        string file = tiny.Fresh("margins.jsonl");
        string[] rows =
        [
            .. File.ReadAllLines(tiny.Data("preferences"))
                .Select((row, i) => $"{row.TrimEnd()[..^1]},\"margin\":{(i == 2 ? "NaN" : "1")}}}"),
        ];
        File.WriteAllLines(file, rows);
        string[] command = ["reward", $"{tiny.Sft}/model", "--data", file, "--out", tiny.Fresh("margins"), .. TinyRun.Update];
        Assert.Equal(ExitCode.BadInput, (await CommandRun.Of(command)).Code);
        CommandRun run = await CommandRun.Of([.. command, "--bad-rows", "skip", "--max-bad-rows", "0.2"]);
        Assert.Equal((ExitCode.Done, ""), (run.Code, run.Error));
        Assert.Contains(
            "1 bad row skipped, margins.jsonl line 3: column margin: expected a number, found NaN", run.Output, StringComparison.Ordinal);

        CommandRun inspected = await CommandRun.Of("data", "inspect", file);
        const string told = "1 pair has a margin that is no number, margins.jsonl line 3: column margin: expected a number, found NaN";
        Assert.Contains(told, inspected.Output, StringComparison.Ordinal);
        foreach (string[] other in (string[][])
            [
                ["rank", file],
                ["data", "convert", file, "--unpaired", "--to", "jsonl", "--out", tiny.Fresh("margins-unpaired.jsonl")],
                ["align", $"{tiny.Sft}/model", file, "--out", tiny.Fresh("margins-aligned"), .. TinyRun.Update],
                [
                    "softq", $"{tiny.Sft}/model", $"{tiny.Sft}/model", "--prompts", file, "--data", file, "--beta", "0.1",
                    "--max-new-tokens", "2", "--pairs", "1", "--limit", "1",
                ],
            ])
        {
            CommandRun verb = await CommandRun.Of(other);
            Assert.True(verb.Code == ExitCode.Done, $"{other[0]}: {verb}");
            Assert.Contains(told, verb.Output + verb.Error, StringComparison.Ordinal);
        }
    }

    private string Filled(string part)
    {
        string bad = tiny.Fresh("bad.jsonl");
        string prompts = tiny.Fresh("bad-prompts-4.jsonl");
        string[] good = File.ReadAllLines(tiny.Data("preferences"));
        File.WriteAllLines(bad, [.. good[..3], "{\"prompt\":\"my sister\",\"chosen\":7,\"rejected\":\"is\"}", .. good[3..]]);
        File.WriteAllLines(prompts, [.. good[..3], "{\"prompt\":7,\"chosen\":\"is\",\"rejected\":\"is\"}", .. good[3..4]]);
        string ids = tiny.Fresh("ids.jsonl");
        File.WriteAllLines(ids, ["{\"promptIds\":[3]}", "{\"promptIds\":[4]}", "{\"promptIds\":[5]}", "{\"promptIds\":\"6\"}"]);
        string extra = tiny.Fresh("extra.jsonl");
        File.WriteAllText(extra, "{\"prompt\":\"my sister\",\"chosen\":\"is\",\"rejected\":\"my\",\"source\":\"a\"}\n");
        string broken = tiny.Fresh("broken.jsonl");
        File.WriteAllLines(broken, [.. good[..3], "{\"prompt\":", .. good[3..]]);
        string replies = tiny.Fresh("replies.jsonl");
        string[] asked =
        [
            .. File.ReadLines(tiny.Data("prompts"))
                .Select(line => $"{{\"prompt\":{JsonNode.Parse(line)!["prompt"]!.ToJsonString()},\"response\":\"is\"}}"),
        ];
        File.WriteAllLines(replies, [.. asked, "{\"prompt\":\"my sister\",\"response\":7}"]);
        return part switch
        {
            "$ids" => ids,
            "$extra" or "$one" => extra,
            "$broken" => broken,
            "$replies" => replies,
            "$world" => tiny.Data("prompts"),
            "$good" => tiny.Data("preferences"),
            "$sft" => $"{tiny.Sft}/model",
            "$bad" => bad,
            "$prompts" => prompts,
            _ => part,
        };
    }
}
