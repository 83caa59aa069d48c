using Goodhart.Evaluation.Judges;
using Goodhart.Text.Tokenizers;
using Goodhart.Worlds;

namespace Goodhart.Steps.Judging;

/// <summary>The world's gold reward of responses given as text.</summary>
public sealed class GoldScorer(ulong worldSeed) : IResponseScorer
{
    private readonly PostIndex posts = PostIndex.HeldOut(worldSeed);

    public string Identity => FormattableString.Invariant($$"""{"kind":"gold","worldSeed":{{worldSeed}}}""");

    /// <exception cref="InvalidDataException">A prompt is not one of the world's.</exception>
    /// <exception cref="TokenizerException">A prompt or response has words that the world lacks.</exception>
    public IReadOnlyList<double> Score(IReadOnlyList<PromptedResponse> responses, CancellationToken cancel)
    {
        double[] scores = new double[responses.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            JudgedResponse response = responses[i].Response;
            int[] words = TldrWorld.Tokenizer.Encode(response.Text);
            Post post = posts.Require(TldrWorld.Tokenizer.Encode(responses[i].Prompt), worldSeed);
            scores[i] = GoldReward.Score(post, response.Finished ? [.. words, TldrWorld.Eos] : words).Reward;
        }

        return scores;
    }
}
