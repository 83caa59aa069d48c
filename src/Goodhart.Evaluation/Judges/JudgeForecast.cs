namespace Goodhart.Evaluation.Judges;

/// <summary>What judging would ask and pay, before it starts.</summary>
/// <param name="Asks">Verdicts needed: pairs times orders, those of one text left out.</param>
/// <param name="Identical">Pairs of one text: ties that nobody is asked about.</param>
/// <param name="Stored">Verdicts that an earlier run has paid for.</param>
/// <param name="Calls">Requests to be made, without repetitions after errors.</param>
/// <param name="InputTokens">Estimated: one token for every four bytes of UTF-8.</param>
/// <param name="OutputTokens">At most: every reply as long as it may be.</param>
/// <param name="Cost">US dollars at most; null where no price is known.</param>
/// <param name="PaidCalls">Requests that the stored replies took, repetitions counted.</param>
/// <param name="PaidTokens">Of the stored replies, in and out.</param>
/// <param name="PaidCost">Of the stored replies, as their usage says.</param>
public sealed record JudgeForecast(
    int Pairs, int Asks, int Identical, int Stored, int Calls, long InputTokens, long OutputTokens, double? Cost, long PaidCalls =
        0, long PaidTokens = 0, double? PaidCost = 0);
