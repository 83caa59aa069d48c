using System.IO.Compression;
using System.Text.Json;
using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine.Cpu;
using Goodhart.Models;
using Goodhart.Models.Scoring;
using Goodhart.Testing;
using Goodhart.Text.Data;
using Goodhart.Text.Tokenizers;
using Goodhart.Text.Truncation;
using Xunit;

namespace Goodhart.Alignment.Tests.Training;

/// <summary>From text to losses with Pythia's tokenizer, its padded vocabulary and half-precision files: tests/golden/gptneox, folder
/// f.</summary>
public sealed class PythiaVocabularyTests(PythiaVocabularyTests.Folders folders) : IClassFixture<PythiaVocabularyTests.Folders>
{
    private const string Name = "f-pythia-vocab-bf16";

    private static readonly JsonElement Expected = Golden.Json("gptneox", Name, "expected.json");

    private static readonly JsonElement Texts = Golden.Json("data", "reference-truncation.json").GetProperty("text_pairs");

    public static TheoryData<int> Runs => [.. Enumerable.Range(0, Expected.GetProperty("runs").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Texts_become_the_expected_log_probs_and_losses(int index)
    {
        JsonElement run = Expected.GetProperty("runs")[index];
        TokenizedPair[] pairs = Tokenized(run);
        (double[] chosen, double[] rejected) policy = LogProbs("policy", pairs, run);
        (double[] chosen, double[] rejected) reference = LogProbs("reference", pairs, run);
        PairLogProbs[] logProbs =
        [
            .. pairs.Select((pair, i) => new PairLogProbs(
                policy.chosen[i], policy.rejected[i], reference.chosen[i], reference.rejected[i], pair.Chosen.Length,
                pair.Rejected.Length)),
        ];
        JsonElement losses = run.GetProperty("losses");
        foreach ((string name, string ours, double beta) in (ReadOnlySpan<(string, string, double)>)
            [("dpo", "dpo", 0.5), ("ipo", "ipo-code", 0.1), ("ipo_paper", "ipo", 0.5), ("slic", "slic", 0.5)])
        {
            Assert.Equal(beta, run.GetProperty("betas").GetProperty(name).GetDouble());
            PreferenceLoss loss = LossCatalogue.Create(ours, beta);
            PairGradient[] terms = new PairGradient[pairs.Length];
            loss.Evaluate(logProbs, terms);
            Near(losses.GetProperty(name).GetDouble(), loss.BatchLoss(terms), 1e-4);
        }

        Near(losses.GetProperty("sft_sequence_mean").GetDouble(), -policy.chosen.Average(), 1e-5);
        Near(losses.GetProperty("sft_token_mean").GetDouble(), -policy.chosen.Sum() / pairs.Sum(pair => pair.Chosen.Length), 1e-5);
    }

    [Fact]
    public void The_padding_rows_take_part_in_the_softmax()
    {
        JsonElement check = Expected.GetProperty("logits_check");
        int[] ids = folders.Tokenizer.Encode(check.GetProperty("text").GetString()!);
        Assert.Equal(check.GetProperty("input_ids").Ints(), ids);
        using CpuDevice device = new(1);
        using LanguageModel model = ModelFolder.Load(device, folders.PathOf("policy"), training: false);
        Assert.Equal((50304, 50277), (model.VocabularySize, folders.Tokenizer.VocabularySize));

        // Log-probs of three tokens as responses: with their logits they give the log-sum-exp over all rows, padding included.
        using ResponseScorer scorer = new(model);
        double[] logits = [.. check.GetProperty("last_logits_first16").Doubles().Take(3)];
        double[] scored = scorer.LogProbs([new PromptTree(ids, [[0], [1], [2]])])[0];
        Assert.All(scored.Zip(logits), pair => Near(check.GetProperty("logsumexp").GetDouble(), pair.Second - pair.First, 1e-5));
    }

    private TokenizedPair[] Tokenized(JsonElement run)
    {
        LengthBudget budget = new(run.GetProperty("max_length").GetInt32(), run.GetProperty("max_prompt_length").GetInt32());
        TruncationPolicy policy = run.GetProperty("truncation_mode").GetString() == "keep_end" ? new PaperKeepEnd() : new PaperKeepStart();
        TokenizedPair[] pairs = [.. new PairTokenizer(folders.Tokenizer, budget, policy).Tokenize(Texts.EnumerateArray().Select(Row))];
        Assert.Equal(run.GetProperty("completion_token_counts_chosen").Ints(), pairs.Select(pair => pair.Chosen.Length));
        Assert.Equal(run.GetProperty("completion_token_counts_rejected").Ints(), pairs.Select(pair => pair.Rejected.Length));
        return pairs;
    }

    private static PreferenceRow Row(JsonElement text, int index) => new(
        index, text.GetProperty("prompt").GetString()!, text.GetProperty("chosen").GetString()!, text.GetProperty("rejected").GetString()!);

    private (double[] Chosen, double[] Rejected) LogProbs(string role, TokenizedPair[] pairs, JsonElement run)
    {
        using CpuDevice device = new(1);
        using LanguageModel model = ModelFolder.Load(device, folders.PathOf(role), training: false);
        using ResponseScorer scorer = new(model);
        double[][] scored = scorer.LogProbs([.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))]);
        (double[] chosen, double[] rejected) = ([.. scored.Select(pair => pair[0])], [.. scored.Select(pair => pair[1])]);
        Assert.All(run.GetProperty($"{role}_chosen_logps").Doubles().Zip(chosen), pair => Near(pair.First, pair.Second, 1e-5));
        Assert.All(run.GetProperty($"{role}_rejected_logps").Doubles().Zip(rejected), pair => Near(pair.First, pair.Second, 1e-5));
        return (chosen, rejected);
    }

    private static void Near(double expected, double found, double relative) =>
        Assert.Equal(expected, found, relative * Math.Max(1, Math.Abs(expected)));

    /// <summary>The folders and the tokenizer, which are kept packed.</summary>
    public sealed class Folders : IDisposable
    {
        private readonly string root = Directory.CreateTempSubdirectory("goodhart-pythia").FullName;

        public Folders()
        {
            foreach (string role in (string[])["policy", "reference"])
            {
                Directory.CreateDirectory(PathOf(role));
                File.Copy(Golden.Path("gptneox", Name, role, "config.json"), Path.Combine(PathOf(role), "config.json"));
                Unpack(Golden.Path("gptneox", Name, role, "model.safetensors.gz"), Path.Combine(PathOf(role), "model.safetensors"));
            }

            Unpack(Golden.Path("tokenizer", "pythia", "tokenizer.json.gz"), Path.Combine(root, "tokenizer.json"));
            File.Copy(Golden.Path("tokenizer", "pythia", "tokenizer_config.json"), Path.Combine(root, "tokenizer_config.json"));
            Tokenizer = TokenizerFile.Open(root);
        }

        internal ITokenizer Tokenizer { get; }

        public void Dispose() => Directory.Delete(root, recursive: true);

        internal string PathOf(string role) => Path.Combine(root, role);

        private static void Unpack(string packed, string path)
        {
            using GZipStream content = new(File.OpenRead(packed), CompressionMode.Decompress);
            using FileStream file = File.Create(path);
            content.CopyTo(file);
        }
    }
}
