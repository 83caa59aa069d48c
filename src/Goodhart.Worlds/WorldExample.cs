using Goodhart.Text.Data;

namespace Goodhart.Worlds;

/// <summary>A post with one summary: a row of pre-training or SFT data, or a held-out prompt with its reference summary.</summary>
/// <param name="Id">The row's address within its data set.</param>
/// <param name="Response">Token ids, EOS last.</param>
public sealed record WorldExample(int Id, Post Post, int[] Response)
{
    /// <summary>The gold reward of <see cref="Response"/>.</summary>
    public GoldScore Gold => GoldReward.Score(Post, Response);

    public TokenizedExample Tokens => new(Id, Post.Prompt, Response);
}
