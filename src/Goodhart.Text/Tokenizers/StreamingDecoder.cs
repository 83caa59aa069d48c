namespace Goodhart.Text.Tokenizers;

/// <summary>Decodes ids as a model produces them. Holds the state of one text: not for several threads.</summary>
public abstract class StreamingDecoder
{
    /// <summary>The text that this id completes; empty while a character is still short of bytes.</summary>
    /// <exception cref="TokenizerException">An id outside the vocabulary.</exception>
    public abstract string Next(int id);

    /// <summary>What was held back (U+FFFD for a character that was never completed); the next id then starts a new text.</summary>
    public abstract string End();
}
