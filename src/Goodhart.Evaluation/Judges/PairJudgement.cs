namespace Goodhart.Evaluation.Judges;

/// <summary>What a judge says of two responses in the order in which it saw them.</summary>
public enum PairVerdict
{
    First,
    Second,
    Tie,
}

/// <summary>Why there is no verdict.</summary>
public enum MissingReason
{
    /// <summary>The reply does not end with a verdict in the demanded form.</summary>
    Unparsable,

    /// <summary>The endpoint answered that it will not judge this request (HTTP 400, 413, 422).</summary>
    Refused,
}

/// <summary>One verdict, or the reason why there is none.</summary>
/// <param name="Swapped">Whether B was shown first.</param>
/// <param name="Why">What the endpoint said where it refused.</param>
/// <param name="Model">Who answered, where the judge is a chat model (empty: it does not say); null where the order was not shown to
/// anybody.</param>
public sealed record OrderedVerdict(
    bool Swapped, PairVerdict? Verdict, MissingReason? Missing = null, string? Model = null, string? Why = null)
{
    /// <summary>1 where A is better, ½ for a tie, 0 where B is; null where the verdict is missing.</summary>
    public double? ScoreOfA => Verdict switch
    {
        Judges.PairVerdict.Tie => 0.5,
        Judges.PairVerdict.First => Swapped ? 0 : 1,
        Judges.PairVerdict.Second => Swapped ? 1 : 0,
        _ => null,
    };
}

/// <summary>A pair with its verdicts: one, or one for each order. None where the responses are the same text, which is a tie.</summary>
public sealed record PairJudgement(ResponsePair Pair, IReadOnlyList<OrderedVerdict> Orders)
{
    /// <summary>A's score in [0, 1], the mean over orders. Null where any order's verdict is missing: the other one alone would carry the
    /// position's bias.</summary>
    public double? Score =>
        Orders.Count == 0 ? 0.5 : Orders.All(order => order.Verdict is not null) ? Orders.Average(order => order.ScoreOfA) : null;

    /// <summary>Null where the score is; else whether A wins, ties or loses.</summary>
    public Outcome? Outcome => Score switch
    {
        null => null,
        > 0.5 => Judges.Outcome.Win,
        0.5 => Judges.Outcome.Tie,
        _ => Judges.Outcome.Loss,
    };
}

/// <summary>Of A over B.</summary>
public enum Outcome
{
    Loss,
    Tie,
    Win,
}
