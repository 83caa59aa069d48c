using Goodhart.Text.Tokenizers;
using Goodhart.Text.Truncation;

namespace Goodhart.Text.Audit;

/// <summary>Every policy that can use a budget, tried on the same rows; each row is tokenised once.</summary>
internal sealed class BudgetTrial
{
    private readonly PromptEncoder encoder;
    private readonly TruncationTally[] tallies;

    public BudgetTrial(ITokenizer tokenizer, LengthBudget budget, bool textsAreComplete)
    {
        budget.Validate();
        encoder = new PromptEncoder(tokenizer) { TextsAreComplete = textsAreComplete };
        IEnumerable<TruncationPolicy> usable = TruncationPolicy.All.Where(policy => CanUse(policy, budget));
        tallies = [.. usable.Select(policy => new TruncationTally(policy, budget, encoder))];
    }

    public void Add(int id, string prompt, params ReadOnlySpan<string> responses)
    {
        EncodedRow row = PairTokenizer.Encode(encoder, id, prompt, responses);
        foreach (TruncationTally tally in tallies)
        {
            tally.Fit(row);
        }
    }

    public IReadOnlyList<TruncationReport> Reports() => [.. tallies.Select(tally => tally.Report)];

    private static bool CanUse(TruncationPolicy policy, LengthBudget budget)
    {
        try
        {
            policy.Require(budget);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
