using Goodhart.Steps.Folders;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Conversations;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Rows;

/// <summary>
/// A few preference pairs of a file, as token ids: <c>promptIds</c>, <c>chosenIds</c>, <c>rejectedIds</c>, or any text shape.
/// </summary>
public static class PairReader
{
    /// <summary>The first <paramref name="count"/> pairs that fit into the model's positions.</summary>
    /// <param name="reading">Of texts; token ids are taken as they are.</param>
    /// <param name="chat">What writes conversations; null: HH's layout.</param>
    /// <param name="told">Is told what was not used.</param>
    /// <exception cref="InvalidDataException">No pair, none that fits, columns named beside token ids, or a bad row.</exception>
    public static IReadOnlyList<TokenizedPair> Read(
        LoadedModel model, string path, RowReading reading, ConversationTemplate? chat, int count, Action<RowAccount>? told)
    {
        DataFile file = DataFile.Open(path);
        SkipTally tally = new();
        (IEnumerable<TokenizedPair> rows, Func<RowAccount> account) = TokenRows.AreIn(file, reading)
            ? FromIds(model, file, reading, tally)
            : FromText(model, path, reading, chat, tally);
        TokenizedPair[] pairs = [.. rows.Where(Fits).Take(count)];
        told?.Invoke(account());
        return pairs.Length > 0 ? pairs : throw new InvalidDataException(
            $"{path}: expected preference pairs of at most {model.Model.MaxPositions} tokens, found none.");

        bool Fits(TokenizedPair pair) =>
            pair.Prompt.Length + Math.Max(pair.Chosen.Length, pair.Rejected.Length) <= model.Model.MaxPositions;
    }

    private static (IEnumerable<TokenizedPair> Rows, Func<RowAccount> Account) FromIds(
        LoadedModel model, DataFile file, RowReading reading, SkipTally tally)
    {
        TokenRows tokens = new(model);
        string[] used = [.. ((string[])["prompt", "chosen", "rejected"]).SelectMany(role => (string[])[role, TokenRows.IdsColumn(role)])];
        return (RawRows.Read(file, reading, Pair, tally), () => RawRows.Account(file, tally, used));

        TokenizedPair Pair(DataRow row) => new(
            row.Index, tokens.Prompt(row), tokens.Response(row, "chosen", appendEos: true), tokens.Response(
                row, "rejected", appendEos: true));
    }

    private static (IEnumerable<TokenizedPair> Rows, Func<RowAccount> Account) FromText(
        LoadedModel model, string path, RowReading reading, ConversationTemplate? chat, SkipTally tally)
    {
        if (model.Tokenizer is not { } tokenizer)
        {
            throw new InvalidDataException(
                $"{path} holds text and {model.Path} has no tokenizer.json; give promptIds, chosenIds and rejectedIds.");
        }

        Dataset data = Dataset.Open(path, reading, chat);
        PairTokenizer pairs = new(tokenizer, new LengthBudget(model.Model.MaxPositions), new DropLong(), data.WritesSpecialTokens);
        return (pairs.Tokenize(data.Preferences(tally)), () => RowAccount.Of(data, tally));
    }
}
