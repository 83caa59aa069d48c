using Goodhart.Text.Tokenizers;

namespace Goodhart.Text.Truncation;

/// <summary>A prompt as ids: at most one BOS, and never empty, since the first response token needs something to be predicted
/// from.</summary>
/// <param name="Tokenizer">Its BOS, if it has one, is put first unless the text spells it.</param>
public sealed record PromptEncoder(ITokenizer Tokenizer)
{
    /// <summary>The texts have every special token that belongs in them, as a model's own chat template writes them: none is
    /// added.</summary>
    public bool TextsAreComplete { get; init; }

    /// <summary>Tokens before the text: BOS or nothing.</summary>
    public int Lead => Tokenizer.BosId is null ? 0 : 1;

    public int[] Encode(string text)
    {
        int[] ids = Tokenizer.Encode(text);
        if (Tokenizer.BosId is { } bos && !(TextsAreComplete && ids.Length > 0))
        {
            return ids.Length > 0 && ids[0] == bos ? ids : [bos, .. ids];
        }

        // As in pre-training, where EOS stands between documents.
        return ids.Length == 0 ? [Tokenizer.EosId] : ids;
    }

    /// <summary>A response, which ends with one EOS, or as its text ends; a complete text that is empty is EOS alone, since never to have
    /// said anything has to be learnt from something.</summary>
    public int[] EncodeResponse(string text) => TextsAreComplete && text.Length > 0
        ? Tokenizer.EncodeContinued(text)
        : [.. Tokenizer.Encode(text).AsSpan().TrimEnd(Tokenizer.EosId), Tokenizer.EosId];
}
