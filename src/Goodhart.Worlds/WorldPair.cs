using Goodhart.Text.Data;

namespace Goodhart.Worlds;

/// <summary>A post with a preferred and another summary.</summary>
/// <param name="Id">The row's address within its data set.</param>
/// <param name="Chosen">Token ids, EOS last.</param>
/// <param name="Rejected">Token ids, EOS last.</param>
public sealed record WorldPair(int Id, Post Post, int[] Chosen, int[] Rejected, GoldScore ChosenGold, GoldScore RejectedGold)
{
    public TokenizedPair Tokens => new(Id, Post.Prompt, Chosen, Rejected);
}
