using Goodhart.Text.Datasets;
using Goodhart.Text.Tokenizers;
using Goodhart.Text.Truncation;

namespace Goodhart.Text.Audit;

/// <summary>What an audit looks at besides the rows themselves.</summary>
public sealed record AuditOptions
{
    /// <summary>Lengths are tokens of this tokenizer; without one, words.</summary>
    public ITokenizer? Tokenizer { get; init; }

    /// <summary>Tried with every policy that can use it; needs <see cref="Tokenizer"/>.</summary>
    public LengthBudget? Budget { get; init; }

    /// <summary>Another split of the data, whose prompts are compared.</summary>
    public Dataset? Against { get; init; }
}
