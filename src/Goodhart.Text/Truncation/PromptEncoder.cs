using Goodhart.Text.Tokenizers;

namespace Goodhart.Text.Truncation;

/// <summary>A prompt as ids: at most one BOS, and never empty, since the first response token needs something to be predicted from.</summary>
/// <param name="BosId">Put first unless the text spells it; null where the model has none.</param>
public sealed record PromptEncoder(ITokenizer Tokenizer, int? BosId)
{
    /// <summary>Tokens before the text: BOS or nothing.</summary>
    public int Lead => BosId is null ? 0 : 1;

    public int[] Encode(string text)
    {
        int[] ids = Tokenizer.Encode(text);
        if (BosId is { } bos)
        {
            return ids.Length > 0 && ids[0] == bos ? ids : [bos, .. ids];
        }

        // As in pre-training, where EOS stands between documents.
        return ids.Length == 0 ? [Tokenizer.EosId] : ids;
    }
}
