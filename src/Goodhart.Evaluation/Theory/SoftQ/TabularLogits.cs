namespace Goodhart.Evaluation.Theory.SoftQ;

/// <summary>A policy that is a table: logits by response prefix, in double, whatever the prompt. For trees that can be
/// enumerated.</summary>
/// <param name="vocabularySize">Actions.</param>
/// <param name="logitsOf">The logits after a response prefix.</param>
public sealed class TabularLogits(int vocabularySize, Func<int[], double[]> logitsOf) : IPrefixLogits
{
    public int VocabularySize => vocabularySize;

    public void Visit(IReadOnlyList<ResponseTree> trees, LogitVisitor visit, CancellationToken cancel = default)
    {
        for (int tree = 0; tree < trees.Count; tree++)
        {
            cancel.ThrowIfCancellationRequested();
            for (int response = 0; response < trees[tree].Responses.Count; response++)
            {
                TokenResponse own = trees[tree].Responses[response];
                for (int position = 0; position < own.Prefixes; position++)
                {
                    visit(tree, response, position, logitsOf(own.Tokens[..position]));
                }
            }
        }
    }
}
