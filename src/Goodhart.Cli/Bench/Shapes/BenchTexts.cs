using Goodhart.Models.Sampling;
using Goodhart.Text.Data;
using Goodhart.Worlds;

namespace Goodhart.Cli.Bench.Shapes;

/// <summary>What the work is done on: a batch, the same at every step.</summary>
/// <param name="Pairs">Of a step.</param>
/// <param name="Pretraining">Examples of a step of pre-training.</param>
/// <param name="Prompts">Sampled together.</param>
/// <param name="NewTokens">Of every sampled response.</param>
internal sealed record BenchTexts(
    IReadOnlyList<TokenizedPair> Pairs, IReadOnlyList<TokenizedExample> Pretraining, IReadOnlyList<SamplingPrompt> Prompts, int NewTokens)
{
    /// <summary>About the length of the world's responses.</summary>
    private const int WorldNewTokens = 20;

    private const uint PairSeed = 1;
    private const uint PromptSeed = 2;
    private const uint TokenSeed = 3;

    /// <summary>The synthetic world's own texts, as a study has them.</summary>
    public static BenchTexts OfWorld(int pairs, int prompts)
    {
        WorldData world = new(0);
        return new BenchTexts(
            [.. world.Preferences(0, pairs).Select(pair => pair.Tokens)],
            [.. world.Pretraining(pairs).Select(example => example.Tokens)],
            [.. world.EvaluationPrompts(prompts).Select(prompt => new SamplingPrompt(prompt.Id, prompt.Post.Prompt))],
            WorldNewTokens);
    }

    /// <summary>Random tokens in texts of given lengths.</summary>
    public static BenchTexts OfLengths(int vocabulary, LengthSpread prompt, LengthSpread response, int pairs, int prompts)
    {
        LengthDraws tokens = new(TokenSeed);
        LengthDraws ofPairs = new(PairSeed);
        LengthDraws ofPrompts = new(PromptSeed);
        TokenizedPair[] drawn =
        [
            .. Enumerable.Range(0, pairs).Select(
                id => new TokenizedPair(id, Text(prompt, ofPairs), Text(response, ofPairs), Text(response, ofPairs))),
        ];
        return new BenchTexts(
            drawn,
            [.. drawn.Select(pair => new TokenizedExample(pair.Id, pair.Prompt, pair.Chosen))],
            [.. Enumerable.Range(0, prompts).Select(id => new SamplingPrompt(id, Text(prompt, ofPrompts)))],
            response.Typical);

        int[] Text(LengthSpread spread, LengthDraws lengths) =>
            [.. Enumerable.Range(0, spread.Draw(lengths)).Select(_ => tokens.Whole(vocabulary))];
    }
}
