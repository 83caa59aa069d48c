using Goodhart.Hub.Cards;
using Goodhart.Hub.Names;
using Goodhart.Testing.Hub;
using Goodhart.Worlds;
using Xunit;

namespace Goodhart.Cli.Tests.Hub;

/// <summary>The README.md of folders that commands make.</summary>
public sealed class ModelCardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string snapshot;
    private readonly string pairs;

    public ModelCardTests()
    {
        string source = SmallModels.World(folder, "source");
        File.WriteAllText(Path.Combine(source, ModelCard.FileName), "---\nlicense: apache-2.0\n---\n# tiny\n");
        snapshot = CachedRepository.Write(folder.Path("cache"), HubName.Parse("someone/tiny", RepoKind.Model), source);
        pairs = folder.Write("pairs.jsonl", string.Concat(Enumerable.Range(0, 4).Select(
            i => $"{{\"prompt\":\"{Word(9 + i)}\",\"chosen\":\"{Word(14 + i)}\",\"rejected\":\"{Word(20 + i)}\"}}\n")));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_trained_model_says_what_it_is_made_from_and_what_was_measured()
    {
        await DoneAsync("sft", snapshot, pairs, "--out", folder.Path("sft"), "--batch-size", "2", "--max-tokens", "64", "--threads", "1");
        string sft = Card("sft/model");
        Assert.StartsWith(
            "---\nlicense: apache-2.0\nlibrary_name: transformers\npipeline_tag: text-generation\nbase_model: "
                + "someone/tiny\nbase_model_relation: finetune\ntags:\n- goodhart\n- sft\n---\n",
            sft, StringComparison.Ordinal);
        Assert.Contains($"fine-tuned from someone/tiny@{CachedRepository.Commit} on examples", sft, StringComparison.Ordinal);
        Assert.Contains("| rows | 4 used of 4 |", sft, StringComparison.Ordinal);
        Assert.Contains("| updates | 2 |", sft, StringComparison.Ordinal);
        Assert.Matches(@"\| nll \| [0-9.]+ \|", sft);

        await DoneAsync(
            "align", folder.Path("sft/model"), pairs, "--out", folder.Path("dpo"), "--loss", "dpo", "--beta", "0.25", "--held-out", pairs,
            "--checkpoints", "1", "--batch-size", "2", "--max-tokens", "64", "--threads", "1");
        string dpo = Card("dpo/model");
        Assert.StartsWith(
            "---\nlicense: apache-2.0\nlibrary_name: transformers\npipeline_tag: text-generation\nbase_model: "
                + "someone/tiny\nbase_model_relation: finetune\ntags:\n- goodhart\n- align\n- dpo\n---\n",
            dpo, StringComparison.Ordinal);
        Assert.Contains(
            "aligned from sft/model on preferences with the loss dpo at β = 0.25, measured against the reference sft/model",
            dpo,
            StringComparison.Ordinal);
        Assert.Contains("| β | 0.25 |", dpo, StringComparison.Ordinal);
        Assert.Matches(@"\| eval/forward_kl \| [-+0-9.E]+ \|", dpo);
        Assert.Matches(@"\| eval/rewards/accuracies \| [0-9.]+ \|", dpo);
        Assert.Contains("## Command\n\n```sh\ngoodhart align ", dpo, StringComparison.Ordinal);
        Assert.Contains(" --loss dpo --beta 0.25 ", dpo, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_users_own_stays_and_a_card_changes_no_run()
    {
        string[] command =
            ["sft", snapshot, pairs, "--out", folder.Path("sft"), "--batch-size", "2", "--max-tokens", "64", "--threads", "1"];
        await DoneAsync(command);
        string written = Card("sft/model");
        await DoneAsync(command);
        Assert.Equal(written, Card("sft/model"));

        string[] reward =
        [
            "reward", folder.Path("sft/model"), "--data", pairs, "--out", folder.Path("reward"), "--batch-size", "2", "--max-tokens", "64",
            "--threads", "1",
            "--json",
        ];
        await DoneAsync(reward);
        Assert.Contains("pipeline_tag: text-classification\n", Card("reward/model"), StringComparison.Ordinal);
        Assert.Contains("- reward-model\n", Card("reward/model"), StringComparison.Ordinal);
        File.WriteAllText(folder.Path("sft/model/README.md"), "# Mine\n");
        await DoneAsync(command);
        Assert.Equal("# Mine\n", Card("sft/model"));

        Directory.Move(folder.Path("sft/model"), folder.Path("sft/model.before"));   // as a run leaves it that is killed meanwhile
        Directory.CreateDirectory(folder.Path("sft/model.partial"));
        await DoneAsync(command);
        Assert.Equal("# Mine\n", Card("sft/model"));
        Assert.Single(Directory.GetDirectories(folder.Path("sft"), "model*"));
        CommandRun again = await DoneAsync(reward);
        Assert.Contains("\"executed\": 0", again.Output, StringComparison.Ordinal);   // another card is no other model
    }

    [Fact]
    public async Task Averages_and_new_models_have_one()
    {
        await DoneAsync("average", snapshot, snapshot, "--alpha", "0.5", "--out", folder.Path("average"));
        Assert.Contains(
            "base_model: someone/tiny\nbase_model_relation: merge\ntags:\n- goodhart\n- merge\n",
            Card("average"),
            StringComparison.Ordinal);
        Assert.Contains($"| someone/tiny@{CachedRepository.Commit} | 0.5 |", Card("average"), StringComparison.Ordinal);

        await DoneAsync(
            "init", "--out", folder.Path("new"), "--tokenizer", snapshot, "--hidden-size", "16", "--layers", "1", "--heads", "2");
        Assert.Contains("- untrained\n---\n", Card("new"), StringComparison.Ordinal);
        Assert.DoesNotContain("base_model", Card("new"), StringComparison.Ordinal);
    }

    private static async Task<CommandRun> DoneAsync(params string[] command)
    {
        CommandRun run = await CommandRun.Of(command);
        Assert.True(run.Code == ExitCode.Done, run.Error);
        return run;
    }

    private string Card(string model) => File.ReadAllText(folder.Path(Path.Combine(model, ModelCard.FileName)));

    private static string Word(int id) => TldrWorld.Tokenizer.Decode([id]);
}
