using Goodhart.Text.Tokenizers;

namespace Goodhart.Text.Truncation;

/// <summary>A prompt as ids: at most one BOS, and never empty, since the first response token needs something to be predicted
/// from.</summary>
/// <param name="Tokenizer">Its BOS, if it has one, is put first unless the text spells it.</param>
public sealed record PromptEncoder(ITokenizer Tokenizer)
{
    /// <summary>Tokens before the text: BOS or nothing.</summary>
    public int Lead => Tokenizer.BosId is null ? 0 : 1;

    public int[] Encode(string text)
    {
        int[] ids = Tokenizer.Encode(text);
        if (Tokenizer.BosId is { } bos)
        {
            return ids.Length > 0 && ids[0] == bos ? ids : [bos, .. ids];
        }

        // As in pre-training, where EOS stands between documents.
        return ids.Length == 0 ? [Tokenizer.EosId] : ids;
    }
}
