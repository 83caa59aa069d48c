using Goodhart.Text.Tokenizers.Words;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>How text between added tokens becomes words: each step cuts the pieces of the step before.</summary>
internal sealed record PreTokenizer(PrefixRule Prefix, IReadOnlyList<IWordSplitter> Steps)
{
    /// <param name="isFirst">Whether the text given to the tokenizer starts here.</param>
    /// <param name="continues">Whether it goes on after another text there.</param>
    public void Encode(ReadOnlySpan<char> text, bool isFirst, bool continues, IWordModel model, List<int> output) =>
        Cut((continues ? Prefix with { Scheme = PrefixScheme.Never } : Prefix).Apply(text, isFirst), 0, model, output);

    private void Cut(ReadOnlySpan<char> text, int step, IWordModel model, List<int> output)
    {
        if (step == Steps.Count)
        {
            model.Encode(text, output);
            return;
        }

        for (int start = 0; start < text.Length;)
        {
            int end = Steps[step].EndOfWord(text, start);
            Cut(text[start..end], step + 1, model, output);
            start = end;
        }
    }
}
