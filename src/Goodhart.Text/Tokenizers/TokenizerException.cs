namespace Goodhart.Text.Tokenizers;

/// <summary>A tokenizer file that cannot be used, or a text or id that the tokenizer does not know. The message is for the user.</summary>
public sealed class TokenizerException : Exception
{
    public TokenizerException()
    {
    }

    public TokenizerException(string message)
        : base(message)
    {
    }

    public TokenizerException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
