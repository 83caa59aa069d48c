namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>A token matched in the text itself, before it is cut into words.</summary>
/// <param name="Normalized">Matched in normalised text (and spelled so), rather than in the text as given.</param>
/// <param name="StripsLeft">Takes the white space before it along.</param>
/// <param name="StripsRight">Takes the white space behind it along.</param>
/// <param name="SingleWord">Not matched next to a letter, digit, mark or underscore.</param>
/// <param name="Special">A mark such as the end of text, left out of text for people.</param>
internal sealed record AddedToken(
    int Id, string Content, bool Normalized, bool StripsLeft, bool StripsRight, bool SingleWord, bool Special);
