namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>Gets the logits at one prefix.</summary>
/// <param name="tree">Place in the list of trees.</param>
/// <param name="response">Place among the tree's responses.</param>
/// <param name="position">Response tokens before the prefix ends: 0 is the prompt alone.</param>
/// <param name="logits">One per token of the vocabulary; valid during the call. Any constant may be added to a row.</param>
public delegate void LogitVisitor(int tree, int response, int position, ReadOnlySpan<double> logits);

/// <summary>
/// A policy as appendix D needs it: next-token logits, whole rows, at every prefix of given responses. A language model is one, a table
/// over
/// an enumerable tree another.
/// </summary>
public interface IPrefixLogits
{
    int VocabularySize { get; }

    /// <summary>Visits every prefix of every response once, in any order; a response that was cut also after its last token.</summary>
    void Visit(IReadOnlyList<ResponseTree> trees, LogitVisitor visit, CancellationToken cancel = default);
}
