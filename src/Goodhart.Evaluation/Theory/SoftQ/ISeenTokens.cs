namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>Which tokens the data show after a prefix. What counts as the same prefix is the variant's.</summary>
public interface ISeenTokens
{
    /// <summary>One phrase: after what a token counts as seen.</summary>
    string Description { get; }

    /// <summary>The seen tokens at every prefix of a response, the whole response included: Length + 1 lists, empty where the data never
    /// reach.</summary>
    IReadOnlyList<int>[] Along(ReadOnlySpan<int> prompt, ReadOnlySpan<int> response);
}
