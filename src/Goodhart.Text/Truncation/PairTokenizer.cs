using Goodhart.Text.Data;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Text.Truncation;

/// <summary>Text rows to token ids under a declared policy, with an account of what it cost.</summary>
/// <remarks>
/// Prompt and responses are tokenised apart, so that the boundary is exact and a sampled response has the ids of a trained one. Each
/// response ends with one EOS and a prompt begins with at most one BOS, unless a model's own template has written what belongs there; the
/// budget counts both. Not for several threads at once: it adds
/// up <see cref="Report"/>.
/// </remarks>
public sealed class PairTokenizer
{
    private readonly PromptEncoder encoder;
    private readonly TruncationTally tally;

    /// <exception cref="ArgumentException">A budget that the policy cannot use in full.</exception>
    /// <param name="textsAreComplete"><inheritdoc cref="PromptEncoder.TextsAreComplete"/></param>
    public PairTokenizer(ITokenizer tokenizer, LengthBudget budget, TruncationPolicy policy, bool textsAreComplete = false)
    {
        ArgumentNullException.ThrowIfNull(policy);
        policy.Require(budget);
        encoder = new PromptEncoder(tokenizer) { TextsAreComplete = textsAreComplete };
        tally = new TruncationTally(policy, budget, encoder);
    }

    /// <summary>What was cut and dropped so far.</summary>
    public TruncationReport Report => tally.Report;

    /// <returns>Null if the row is dropped; <see cref="Report"/> counts it.</returns>
    public TokenizedPair? Tokenize(PreferenceRow row) => Fit(row.Id, row.Prompt, row.Chosen, row.Rejected) is { } fitted
        ? new TokenizedPair(row.Id, fitted.Prompt, fitted.Responses[0], fitted.Responses[1]) { Margin = row.Margin }
        : null;

    /// <inheritdoc cref="Tokenize(PreferenceRow)"/>
    public TokenizedExample? Tokenize(SftRow row) => Fit(row.Id, row.Prompt, row.Completion) is { } fitted
        ? new TokenizedExample(row.Id, fitted.Prompt, fitted.Responses[0])
        : null;

    /// <inheritdoc cref="Tokenize(PreferenceRow)"/>
    public LabelledResponse? Tokenize(LabelledRow row) => Fit(row.Id, row.Prompt, row.Completion) is { } fitted
        ? new LabelledResponse(row.Id, fitted.Prompt, fitted.Responses[0], row.IsDesirable)
        : null;

    /// <summary>The rows that are kept, as a stream.</summary>
    public IEnumerable<TokenizedPair> Tokenize(IEnumerable<PreferenceRow> rows) => rows.Select(Tokenize).OfType<TokenizedPair>();

    /// <inheritdoc cref="Tokenize(IEnumerable{PreferenceRow})"/>
    public IEnumerable<TokenizedExample> Tokenize(IEnumerable<SftRow> rows) => rows.Select(Tokenize).OfType<TokenizedExample>();

    /// <inheritdoc cref="Tokenize(IEnumerable{PreferenceRow})"/>
    public IEnumerable<LabelledResponse> Tokenize(IEnumerable<LabelledRow> rows) => rows.Select(Tokenize).OfType<LabelledResponse>();

    /// <summary>A row before anything is cut.</summary>
    internal static EncodedRow Encode(PromptEncoder encoder, int id, string prompt, params ReadOnlySpan<string> responses)
    {
        int[][] ids = new int[responses.Length][];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = encoder.EncodeResponse(responses[i]);
        }

        return new EncodedRow(id, prompt, encoder.Encode(prompt), ids);
    }

    private FittedRow? Fit(int id, string prompt, params ReadOnlySpan<string> responses) =>
        tally.Fit(Encode(encoder, id, prompt, responses));
}
