namespace Goodhart.Text.Datasets.Conversations;

/// <summary>A row whose prompt, as the model's template writes it, is not how the text with an answer begins.</summary>
/// <param name="place">Where the texts part, for messages.</param>
public sealed class PrefixMismatchException(string place) : Exception(
    $"the template writes another beginning once an answer follows: {place}")
{
    private const int Shown = 40;

    /// <summary>The place where the texts part, with what is around it.</summary>
    /// <param name="shared">Characters that all have in common.</param>
    public static PrefixMismatchException At(string prompt, string other, int shared)
    {
        string before = prompt[Math.Max(0, shared - Shown)..shared];
        return new(FormattableString.Invariant(
            $"after {shared} characters ({Quoted(before)}) the prompt goes on with {Quoted(Head(prompt[shared..]))}, ")
            + $"with an answer {Quoted(Head(other[shared..]))}");
    }

    private static string Head(string text) => text.Length <= Shown ? text : text[..Shown] + "…";

    private static string Quoted(string text) => text.Length == 0 ? "nothing" : $"'{text.Replace("\n", "\\n", StringComparison.Ordinal)}'";
}
