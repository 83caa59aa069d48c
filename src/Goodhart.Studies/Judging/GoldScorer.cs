using Goodhart.Evaluation.Judges;
using Goodhart.Studies.Worlds;

namespace Goodhart.Studies.Judging;

/// <summary>The world's gold reward of responses given as text.</summary>
/// <remarks>A prompt does not spell what happened in its post in a form to be read back, so its post is looked up among the world's held-out ones.</remarks>
public sealed class GoldScorer(ulong worldSeed) : IResponseScorer
{
    private const int FirstLook = 256;
    private const int LastLook = 1 << 13;

    private readonly WorldData world = new(worldSeed);
    private readonly Dictionary<string, Post> posts = new(StringComparer.Ordinal);
    private int looked;

    public string Identity => FormattableString.Invariant($$"""{"kind":"gold","worldSeed":{{worldSeed}}}""");

    /// <exception cref="InvalidDataException">A prompt is not one of the world's.</exception>
    /// <exception cref="Text.Tokenizers.TokenizerException">A response has words that the world lacks.</exception>
    public IReadOnlyList<double> Score(IReadOnlyList<PromptedResponse> responses, CancellationToken cancel)
    {
        double[] scores = new double[responses.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            JudgedResponse response = responses[i].Response;
            int[] words = TldrWorld.Tokenizer.Encode(response.Text);
            scores[i] = GoldReward.Score(PostOf(responses[i].Prompt), response.Finished ? [.. words, TldrWorld.Eos] : words).Reward;
        }

        return scores;
    }

    private Post PostOf(string prompt)
    {
        Post? post;
        while (!posts.TryGetValue(prompt, out post) && looked < LastLook)
        {
            looked = Math.Max(FirstLook, 2 * looked);
            foreach (Post found in world.EvaluationPrompts(looked).Select(example => example.Post)
                .Concat(world.HeldOutPairs(looked).Select(pair => pair.Post)))
            {
                posts.TryAdd(TldrWorld.Tokenizer.Decode(found.Prompt), found);
            }
        }

        return post ?? throw new InvalidDataException(FormattableString.Invariant(
            $"the gold judge knows the held-out posts of the world with seed {worldSeed} alone, and this prompt is none of the first {LastLook}: \"{Beginning(prompt)}\". Give the export's --world-seed, or another judge."));
    }

    private static string Beginning(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
