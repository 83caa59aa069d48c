using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Text.Data;
using Goodhart.Text.Tokenizers;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Rows;

/// <summary>How a reward model reads a response to a prompt: one rule for its training, its held-out pairs and its judging.</summary>
/// <remarks>
/// Texts have BOS where the tokenizer puts one, and the score is read at EOS. What a chat template has written has the special tokens that
/// belong in it, so none is added, and the score is read at the token that ends the answer, where a sampled response ends: what templates
/// write behind that token (ChatML's line feed, a second end) is not read.
/// </remarks>
public sealed class ScoredText
{
    private readonly ITokenizer tokenizer;
    private readonly PromptEncoder prompts;

    /// <summary>What ends an answer; null: EOS.</summary>
    private readonly string? ending;

    private ScoredText(ITokenizer tokenizer, bool writtenByTemplate, string? ending)
    {
        this.tokenizer = tokenizer;
        prompts = new PromptEncoder(tokenizer) { TextsAreComplete = writtenByTemplate };
        this.ending = ending;
    }

    /// <summary>Of a reward model that is to judge texts.</summary>
    /// <param name="folder">Its folder, which may say how the conversations were written that it was trained on. What the folder of an
    /// adapter's base says is not asked: it was trained on other rows.</param>
    /// <param name="writtenByTemplate">Where it does not: whether a chat template wrote the prompts that it is to judge.</param>
    /// <exception cref="TokenizerException">The folder has no tokenizer that can be read.</exception>
    public static ScoredText Of(string folder, bool writtenByTemplate)
    {
        string words = ModelFolder.TokenizerOf(folder);
        ITokenizer tokenizer = TokenizerFile.Open(words);
        bool isWritten = ChatRecord.Find(folder) is { } trained ? trained.ChatTemplate != ChatStyle.Plain : writtenByTemplate;
        return new ScoredText(
            tokenizer, isWritten, isWritten ? ChatFiles.Of(ChatStyle.Usual, words, [folder], told: null)?.Open().Ending() : null);
    }

    /// <summary>The pairs of a file as they are read.</summary>
    public static TokenizedPair[] Pairs(TokenizePairs rows, StepContext context)
    {
        TokenizedPair[] pairs = rows.Read(context);
        if (!context.Get(rows).WrittenByTemplate)
        {
            return pairs;
        }

        ITokenizer tokenizer = rows.Source.OpenTokenizer();
        return Array.ConvertAll(pairs, pair => pair with
        {
            Chosen = UpToEnd(tokenizer, pair.Chosen),
            Rejected = UpToEnd(tokenizer, pair.Rejected),
        });
    }

    public int[] Prompt(string text) => prompts.Encode(text);

    /// <param name="isWhole">Whether the response ended, rather than ran into the limit of length.</param>
    public int[] Response(string text, bool isWhole)
    {
        if (ending is not null)
        {
            int[] ids = UpToEnd(tokenizer, tokenizer.EncodeContinued(isWhole ? text + ending : text));
            return ids.Length > 0 ? ids : [tokenizer.EosId];
        }

        int[] words = prompts.TextsAreComplete ? tokenizer.EncodeContinued(text) : tokenizer.Encode(text);
        return isWhole || words.Length == 0 ? [.. words, tokenizer.EosId] : words;
    }

    /// <summary>A response that a template wrote, up to the first special token of the run of such tokens and white space that it ends
    /// with.</summary>
    private static int[] UpToEnd(ITokenizer tokenizer, int[] response)
    {
        int end = response.Length;
        for (int i = response.Length - 1; i >= 0; i--)
        {
            bool isSpecial = tokenizer.IsSpecial(response[i]) || response[i] == tokenizer.EosId;
            if (!isSpecial && !string.IsNullOrWhiteSpace(tokenizer.Decode([response[i]])))
            {
                break;
            }

            end = isSpecial ? i + 1 : end;
        }

        return response[..end];
    }
}
