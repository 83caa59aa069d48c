using Goodhart.Text.Data;

namespace Goodhart.Steps.Rows;

/// <summary>One pass over a source's rows, which keeps account of them.</summary>
public abstract class RowPass
{
    /// <summary>Prompts with the completion to imitate; of pairs the chosen one.</summary>
    /// <param name="selection">Null: all.</param>
    public abstract IEnumerable<TokenizedExample> Examples(RowSelection? selection);

    /// <inheritdoc cref="Examples"/>
    public abstract IEnumerable<TokenizedPair> Pairs(RowSelection? selection);

    /// <summary>Pairs of which each prompt has one.</summary>
    /// <param name="selection">Of the pairs; null: all.</param>
    public abstract IEnumerable<TokenizedPair> PairsWithDistinctPrompts(RowSelection? selection);

    /// <summary>So many prompts that pairs have, each with one of its pairs.</summary>
    public abstract IEnumerable<TokenizedPair> DistinctPrompts(RowSelection selection);

    /// <summary>Single responses with labels; of pairs both.</summary>
    public abstract IEnumerable<LabelledResponse> Labelled();

    /// <summary>Prompts, whatever comes with them.</summary>
    public abstract IEnumerable<TokenizedExample> Prompts();

    /// <param name="rows">Rows that came of it.</param>
    public abstract TokenizedData Account(int rows);
}
