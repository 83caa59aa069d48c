namespace Goodhart.Evaluation.Judges;

/// <summary>Says which of two responses to a prompt is better.</summary>
public interface IJudge
{
    /// <summary>All that its verdicts follow from (kind, model, template, options), as one line of JSON. Never a key.</summary>
    string Identity { get; }

    /// <summary>What <see cref="JudgeAsync"/> would ask and pay now. Asks nothing.</summary>
    JudgeForecast Forecast(IReadOnlyList<ResponsePair> pairs);

    /// <summary>Judges every pair.</summary>
    /// <returns>In the order of the pairs. A reply that cannot be read is a missing verdict, not a guess.</returns>
    /// <exception cref="JudgeException">The judge cannot be reached, refuses the work, or the budget is used up. What was judged is
    /// kept.</exception>
    /// <exception cref="OperationCanceledException">What was judged is kept.</exception>
    Task<IReadOnlyList<PairJudgement>> JudgeAsync(
        IReadOnlyList<ResponsePair> pairs, IProgress<JudgeProgress>? progress, CancellationToken cancel);
}

/// <summary>How far a judge is.</summary>
/// <param name="Cost">Paid so far, or under way, in US dollars; null where no price is known.</param>
/// <param name="Trouble">What is being waited for; null where all is well.</param>
public readonly record struct JudgeProgress(int Done, int Total, double? Cost, string? Trouble = null);
