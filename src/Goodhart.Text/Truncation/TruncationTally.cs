namespace Goodhart.Text.Truncation;

/// <summary>Adds up a <see cref="TruncationReport"/> row by row.</summary>
internal sealed class TruncationTally(TruncationPolicy policy, LengthBudget budget, PromptEncoder encoder)
{
    private readonly SortedDictionary<string, int> cuesLost = new(StringComparer.Ordinal);
    private TruncationReport report = new() { Policy = policy.Name, Budget = budget };

    /// <summary>So far.</summary>
    public TruncationReport Report => report with { CuesLost = new SortedDictionary<string, int>(cuesLost, StringComparer.Ordinal) };

    public FittedRow? Fit(EncodedRow row)
    {
        FittedRow? fitted = policy.Fit(row, budget, encoder);
        report = fitted is null
            ? report with { Rows = report.Rows + 1, Dropped = report.Dropped + 1 }
            : Add(row, fitted);
        return fitted;
    }

    private TruncationReport Add(EncodedRow row, FittedRow fitted)
    {
        int promptLost = row.Prompt.Length - fitted.Prompt.Length;
        int[] lost = [.. row.Responses.Zip(fitted.Responses, (before, after) => before.Length - after.Length)];
        if (promptLost > 0)
        {
            CountCue(row, fitted.Prompt);
        }

        return report with
        {
            Rows = report.Rows + 1,
            Cut = report.Cut + (promptLost > 0 || lost.Any(count => count > 0) ? 1 : 0),
            PromptsCut = report.PromptsCut + (promptLost > 0 ? 1 : 0),
            ResponsesCut = report.ResponsesCut + lost.Count(count => count > 0),
            PromptTokensLost = report.PromptTokensLost + promptLost,
            ResponseTokensLost = report.ResponseTokensLost + lost.Sum(),
            EosLost = report.EosLost + fitted.Responses.Zip(row.Responses).Count(pair => pair.First[^1] != pair.Second[^1]),
            EosInside = report.EosInside + EosInside(row),
            EmptyPrompts = report.EmptyPrompts + (row.PromptText.Length == 0 ? 1 : 0),
            TokensKept = report.TokensKept + fitted.Prompt.Length + fitted.Responses.Sum(response => response.Length),
        };
    }

    /// <summary>A model's own template ends every turn with it.</summary>
    private int EosInside(EncodedRow row)
    {
        if (encoder.TextsAreComplete)
        {
            return 0;
        }

        int eos = encoder.Tokenizer.EosId;
        bool prompt = row.PromptText.Length > 0 && row.Prompt.AsSpan(encoder.Lead).Contains(eos);
        return (prompt ? 1 : 0) + row.Responses.Count(response => response.AsSpan(0, response.Length - 1).Contains(eos));
    }

    private void CountCue(EncodedRow row, int[] kept)
    {
        if (PromptCue.Of(row.PromptText) is { } cue)
        {
            // The cue is the prompt's last ids, whatever they are called.
            int length = encoder.Tokenizer.Encode(cue).Length;
            if (kept.Length < length || !kept.AsSpan(kept.Length - length).SequenceEqual(row.Prompt.AsSpan(row.Prompt.Length - length)))
            {
                cuesLost[cue] = cuesLost.GetValueOrDefault(cue) + 1;
            }
        }
    }
}
