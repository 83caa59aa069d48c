using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Rows;

/// <summary>Where rows come from, and all that decides which token ids they are. A variant is a type.</summary>
public abstract record RowSource
{
    /// <summary>For labels and messages.</summary>
    [Pipeline.NotInKey]
    public abstract string Name { get; }

    /// <summary>Tokens of the longest row there may be.</summary>
    [Pipeline.NotInKey]
    public abstract int LongestRow { get; }

    /// <summary>The tokenizer of the rows' ids.</summary>
    public abstract ITokenizer OpenTokenizer();

    /// <summary>The tokens that end a response: the tokenizer's, and all that its model's folder names.</summary>
    public virtual IReadOnlyList<int> Ends() => [OpenTokenizer().EosId];

    /// <summary>Whether conversations, if rows are such, are written by a chat template.</summary>
    [Pipeline.NotInKey]
    public virtual bool WritesConversations => false;

    /// <summary>What an alignment seed is trained on: a file's rows are the same for all seeds, a world has others for each.</summary>
    public virtual RowSource OfSeed(int alignmentSeed) => this;

    /// <summary>Begins a pass over the rows.</summary>
    public abstract RowPass Open();
}
