namespace Goodhart.Worlds;

/// <summary>A post of the world: what happened, what else is mentioned, and the prompt that tells it. Immutable.</summary>
public sealed class Post
{
    private readonly int[] facts;
    private readonly int[][] distractors;

    /// <param name="facts">Token id of each of the eight fact slots, −1 where the post does not tell it.</param>
    /// <param name="distractors">Token ids of each of the eight.</param>
    /// <param name="like">A token id, or null.</param>
    /// <param name="prompt">Token ids.</param>
    public Post(int[] facts, int[][] distractors, int? like, int[] prompt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(facts.Length, TldrWorld.FactSlots);
        ArgumentOutOfRangeException.ThrowIfNotEqual(distractors.Length, TldrWorld.FactSlots);
        this.facts = facts;
        this.distractors = distractors;
        Like = like;
        Prompt = prompt;
    }

    /// <summary>Token ids, from "SUBREDDIT:" to "TL;DR:".</summary>
    public int[] Prompt { get; }

    /// <summary>What the author says he likes, or null.</summary>
    public int? Like { get; }

    /// <summary>The token id of a fact; null where the post does not tell it. Relation, verb and object are always told.</summary>
    public int? Fact(Slot slot) => slot != Slot.Like && facts[(int)slot] >= 0 ? facts[(int)slot] : null;

    /// <summary>Words of a slot that the post mentions about someone or something else. Never the fact.</summary>
    public ReadOnlySpan<int> Distractors(Slot slot) => slot != Slot.Like ? distractors[(int)slot] : [];
}
