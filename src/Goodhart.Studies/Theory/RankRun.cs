using Goodhart.Evaluation.Theory.Queries;
using Goodhart.Text;
using Goodhart.Text.Audit;
using Goodhart.Text.Data;
using Goodhart.Text.Datasets;

namespace Goodhart.Studies.Theory;

/// <summary>Reads preference data as a stream into their graph. Prompts and responses are told apart by what they say; lengths are those
/// of what the template writes.</summary>
public static class RankRun
{
    /// <param name="further">Responses that exist besides (SFT rows, or other preference data): some may be in no pair. Null for
    /// none.</param>
    /// <exception cref="InvalidDataException">A bad row, no preferences, or no usable pair.</exception>
    public static RankResult Run(Dataset preferences, Dataset? further, RankOptions options, CancellationToken cancel = default)
    {
        options.Validate();
        PreferenceGraphBuilder builder = new();
        TextLength length = options.Tokenizer is { } tokenizer ? new TokenLength(tokenizer) : new WordLength();
        Longest prompt = new(length);
        Longest response = new(length);
        SkipTally tally = new();
        foreach ((PreferenceRow row, PreferenceRow said) in SaidRows.Read(
            preferences, (rows, counts) => rows.Preferences(counts), pair => pair.Id, tally))
        {
            cancel.ThrowIfCancellationRequested();
            builder.AddPair(said.Prompt, said.Chosen, said.Rejected);
            prompt.See(row.Prompt);
            response.See(row.Chosen);
            response.See(row.Rejected);
        }

        if (builder.Nodes == 0)
        {
            throw new InvalidDataException($"{preferences.File.Name}: expected preference pairs, found none among "
                + $"{Quantity.Of(tally.Read, "row")}.");
        }

        SkipTally others = new();
        foreach ((_, SftRow said) in further is null ? [] : SaidRows.Read(
            further, (rows, counts) => rows.Whole(counts), row => row.Id, others))
        {
            cancel.ThrowIfCancellationRequested();
            builder.AddResponse(said.Prompt, said.Completion);
        }

        return new RankResult(
            preferences.File.Name,
            further?.File.Name,
            tally.Read,
            tally.Skipped,
            prompt.Most,
            response.Most,
            RankReport.Of(builder.Build()),
            new ResponseSpace(
                options.Vocabulary ?? options.Tokenizer?.VocabularySize ?? RankOptions.UsualVocabulary,
                options.ResponseTokens ?? Math.Max(1, response.Most), options.PromptTokens ?? Math.Max(1, prompt.Most)))
        {
            Accounts = [RowAccount.Of(preferences, tally), .. further is null ? (RowAccount[])[] : [RowAccount.Of(further, others)]],
        };
    }

    /// <summary>The longest of texts, in whatever length is counted.</summary>
    private sealed class Longest(TextLength length)
    {
        public int Most { get; private set; }

        public void See(string text)
        {
            if (length.AtMost(text) > Most)
            {
                Most = Math.Max(Most, length.Of(text));
            }
        }
    }
}
