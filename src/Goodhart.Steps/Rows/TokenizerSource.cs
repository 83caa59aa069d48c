using Goodhart.Text.Tokenizers;
using Goodhart.Worlds;

namespace Goodhart.Steps.Rows;

/// <summary>Where a new model's tokenizer comes from.</summary>
public abstract record TokenizerSource
{
    public abstract ITokenizer Open();
}

/// <summary>The synthetic world's.</summary>
public sealed record WorldTokenizer : TokenizerSource
{
    public override ITokenizer Open() => TldrWorld.Tokenizer;
}
