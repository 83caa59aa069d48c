using Goodhart.Engine.Randomness;
using Goodhart.Models;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;

namespace Goodhart.Studies.Verification;

/// <summary>The pairs that a verification runs on.</summary>
internal static class VerificationRows
{
    private const int LongestPrompt = 10;
    private const int LongestResponse = 8;

    /// <param name="told">Told where the folder says how its model was trained.</param>
    public static IReadOnlyList<TokenizedPair> Of(LoadedModel model, VerificationOptions options, Action<string>? told) =>
        options.Data is { } path
        ? PairReader.Read(
            model, path, RowReading.Plain, ChatFiles.Of(ChatStyle.Usual, ModelFolder.TokenizerOf(model.Path), told)?.Open(),
            options.Pairs, told: null)
        : [.. Enumerable.Range(0, options.Pairs).Select(i => Random(model, options.Seed, i))];

    /// <summary>Tokens drawn evenly, lengths that differ from pair to pair, EOS at the end.</summary>
    private static TokenizedPair Random(LoadedModel model, ulong seed, int id)
    {
        RandomStream stream = new(seed, "verification rows", (uint)id);
        int vocabulary = model.Tokenizer?.VocabularySize ?? model.Model.VocabularySize;
        int room = model.Model.MaxPositions;
        int[] prompt = Tokens(2, Math.Min(LongestPrompt, room / 2));
        return new TokenizedPair(id, prompt, [.. Response(), model.EosId], [.. Response(), model.EosId]);

        int[] Response() => Tokens(1, Math.Min(LongestResponse, (room / 2) - 1));

        int[] Tokens(int least, int most)
        {
            int[] tokens = new int[least + stream.NextInt(Math.Max(1, most - least + 1))];
            for (int i = 0; i < tokens.Length; i++)
            {
                tokens[i] = stream.NextInt(vocabulary);
            }

            return tokens;
        }
    }
}
