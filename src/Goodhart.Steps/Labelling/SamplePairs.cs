using System.Globalization;
using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Labelling;

/// <summary>
/// Preference pairs of a policy's own: two responses to each prompt of one round, with the better one first as somebody labels them.
/// </summary>
/// <remarks>Which round a prompt belongs to is drawn, so that it does not matter how the data are sorted.</remarks>
public sealed record SamplePairs : ModelStep<SampledPairsAccount>, IPairRows
{
    public required ModelSource Policy { get; init; }

    /// <summary>The pairs whose prompts are asked; their responses are not looked at.</summary>
    public required TokenizePairs Asked { get; init; }

    public required PairLabels Labels { get; init; }

    /// <summary>Of <see cref="Rounds"/>, from 0.</summary>
    public required int Round { get; init; }

    public required int Rounds { get; init; }

    int IPairRows.Parts => Rounds;

    /// <summary>Prompts of the round, and so pairs.</summary>
    public required int Count { get; init; }

    public required double Temperature { get; init; }

    public required int MaxNewTokens { get; init; }

    /// <summary>Of the rounds' prompts, of the samples' noise, and of labels that are drawn.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Which of several runs this is, for labels.</summary>
    [NotInKey]
    public required string RunName { get; init; }

    public override string Label => string.Create(
        CultureInfo.InvariantCulture, $"pairs of round {Round + 1} of {Rounds} of {RunName}");

    public override IReadOnlyList<FileNeed> Needs => [.. Policy.Needs, .. Labels.Needs];

    RowSource IPairRows.Source => Asked.Source;

    /// <summary>Floating-point operations of sampling two responses to each prompt, about.</summary>
    /// <param name="asked">The account of <see cref="Asked"/>.</param>
    public static double CostOf(ModelConfig config, TokenizedData asked, int count, int maxNewTokens)
    {
        double typical = 0.5 * maxNewTokens;
        return count * config.Shape.Forward(asked.MeanTokens() / 2, typical, 2);
    }

    public TokenizedPair[] Read(StepContext context) => TokenFile.Read(
        context.FileOf(this, TokenFile.Name), (id, parts) => new TokenizedPair(id, parts[0], parts[1], parts[2]));

    protected override async Task<SampledPairsAccount> RunAsync(StepContext context, CancellationToken cancel)
    {
        SampledTwo[] pairs = Sample(context, cancel);
        context.Report(new ProgressReport(0.8, "sampled"));
        bool[] first = await Labels.FirstIsPreferredAsync(context, pairs, Seed, RowBudget, cancel).ConfigureAwait(false);
        TokenFile.Write(
            Path.Combine(context.OutputDirectory, TokenFile.Name),
            pairs.Select((pair, i) => (
                pair.Item, first[i] ? (int[][])[pair.Prompt, pair.First, pair.Second] : [pair.Prompt, pair.Second, pair.First])),
            cancel);
        return new SampledPairsAccount(
            pairs.Length, pairs.Count(pair => pair.AreEqual), pairs.Average(pair => pair.First.Length + pair.Second.Length) / 2);
    }

    private SampledTwo[] Sample(StepContext context, CancellationToken cancel)
    {
        TokenizedPair[] all = Asked.Read(context);
        int[] drawn = new RandomStream(Seed, "prompts of rounds", 0).Permutation(all.Length).AsSpan(Round * Count, Count).ToArray();
        SamplingPrompt[] prompts = [.. drawn.Order().Select(row => new SamplingPrompt(row, all[row].Prompt))];
        using LanguageModel policy = Policy.Load(context);
        int rows = prompts.Max(prompt => prompt.Tokens.Length) + (2 * MaxNewTokens);
        using Sampler sampler = new(
            policy, new SamplingOptions(Asked.Source.OpenTokenizer().EosId, MaxNewTokens, Seed, "pairs of rounds")
            {
                Temperature = Temperature,
                SamplesPerPrompt = 2,
                PromptsPerBatch = Math.Clamp(MeasureCheckpoint.CacheRows / rows, 1, 256),
            });
        return
        [
            .. sampler.Sample(prompts, cancel).Chunk(2)
                .Select((two, i) => new SampledTwo(two[0].Item, prompts[i].Tokens, two[0].Tokens, two[1].Tokens)),
        ];
    }
}

/// <summary>What sampling came to.</summary>
/// <param name="Equal">Pairs of two equal responses.</param>
/// <param name="Length">Mean tokens of a response, EOS counted.</param>
public sealed record SampledPairsAccount(int Rows, int Equal, double Length);
