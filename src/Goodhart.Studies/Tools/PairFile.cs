using Goodhart.Text.Data;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Tools;

/// <summary>A few preference pairs of a file, as token ids: <c>promptIds</c>, <c>chosenIds</c>, <c>rejectedIds</c>, or any text shape.</summary>
public static class PairFile
{
    /// <summary>The first <paramref name="count"/> pairs that fit into the model's positions.</summary>
    /// <exception cref="InvalidDataException">No pair, none that fits, or a bad row.</exception>
    public static IReadOnlyList<TokenizedPair> Read(LoadedModel model, string path, int count)
    {
        DataFile file = DataFile.Open(path);
        bool hasIds = file.Rows().FirstOrDefault()?.Fields["promptIds"] is not null;
        TokenizedPair[] pairs = [.. (hasIds ? FromIds(model, file) : FromText(model, path)).Where(Fits).Take(count)];
        return pairs.Length > 0 ? pairs : throw new InvalidDataException(
            $"{path}: expected preference pairs of at most {model.Model.MaxPositions} tokens, found none.");

        bool Fits(TokenizedPair pair) => pair.Prompt.Length + Math.Max(pair.Chosen.Length, pair.Rejected.Length) <= model.Model.MaxPositions;
    }

    private static IEnumerable<TokenizedPair> FromIds(LoadedModel model, DataFile file)
    {
        TokenRows tokens = new(model);
        return file.Rows().Select(row => new TokenizedPair(
            row.Index, tokens.Prompt(row), tokens.Response(row, "chosen", appendEos: true), tokens.Response(row, "rejected", appendEos: true)));
    }

    private static IEnumerable<TokenizedPair> FromText(LoadedModel model, string path)
    {
        if (model.Tokenizer is not { } tokenizer)
        {
            throw new InvalidDataException($"{path} holds text and {model.Path} has no tokenizer.json; give promptIds, chosenIds and rejectedIds.");
        }

        Dataset data = Dataset.Open(path, RowReading.Plain, model.Chat);
        PairTokenizer pairs = new(tokenizer, new LengthBudget(model.Model.MaxPositions), new DropLong(), data.WritesSpecialTokens);
        return pairs.Tokenize(data.Preferences());
    }
}
