using Goodhart.Text;

namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>How much may be asked and paid; what the replies that are kept took counts, whichever run asked for them and about what.
/// Repetitions after errors are calls too.</summary>
/// <param name="Cost">US dollars; needs a price.</param>
public sealed record JudgeLimits(int? Calls = null, double? Cost = null);

/// <summary>Keeps account. A call reserves what it can cost at most and gives back what it did not.</summary>
internal sealed class JudgeBudget(JudgeLimits limits, TokenPrice? price, long callsBefore, double costBefore)
{
    private readonly Lock gate = new();
    private long calls = callsBefore;
    private double cost = costBefore;

    public double? Cost
    {
        get
        {
            lock (gate)
            {
                return price is null ? null : cost;
            }
        }
    }

    /// <exception cref="JudgeException">The limit would be passed.</exception>
    public void Take(double most)
    {
        lock (gate)
        {
            if (limits.Calls is { } allowed && calls >= allowed)
            {
                throw new JudgeException(FormattableString.Invariant(
                    $"the budget of {Quantity.Of(allowed, "call")} is used up; what was judged is kept. Raise it (--max-calls, ")
                        + "in a study judge.maxCalls) and run the same command again.");
            }

            if (limits.Cost is { } money && cost + most > money)
            {
                throw new JudgeException(FormattableString.Invariant(
                    $"the budget of ${money:0.00##} is used up (${cost:0.0000} paid or under way); what was judged is kept. ")
                        + "Raise it (--max-cost, in a study judge.maxCost) and run the same command again.");
            }

            calls++;
            cost += most;
        }
    }

    /// <param name="reserved">As taken.</param>
    public void Settle(double reserved, double actual)
    {
        lock (gate)
        {
            cost += actual - reserved;
        }
    }
}
