using System.Text.Json.Nodes;
using Goodhart.Evaluation.Judges;
using Goodhart.Evaluation.Judges.Reports;

namespace Goodhart.Steps.Judging;

/// <summary>What verdicts on files of responses come to.</summary>
internal static class WinRateReport
{
    /// <param name="judge">Its identity.</param>
    /// <param name="judgements">In the order of the files' pairs.</param>
    /// <param name="others">Another judge's outcomes by pair; null: none were asked for.</param>
    /// <param name="seed">Of bootstraps.</param>
    /// <exception cref="JudgeException">A comparison has no verdict.</exception>
    public static WinRateResult Of(
        JudgedFiles files, string judge, IReadOnlyList<PairJudgement> judgements, IReadOnlyDictionary<string, Outcome>? others, ulong seed)
    {
        List<(WinRateComparison Comparison, PairJudgement[] Judgements)> parts = [];
        int start = 0;
        foreach ((string a, string b, PairedResponses responses) in files.Comparisons)
        {
            PairJudgement[] part = [.. judgements.Skip(start).Take(responses.Pairs.Count)];
            parts.Add((new WinRateComparison(a, b, responses.OnlyA, responses.OnlyB, WinRate.Of(part)), part));
            start += part.Length;
        }

        PairJudgement[] first = [.. judgements.Take(start)];
        WinRateDifference? difference = parts.Count == 2 ? WinRateDifference.Of(parts[0].Judgements, parts[1].Judgements, seed) : null;
        Agreement? retest = Retested(first, judgements.Skip(start), seed);
        Agreement? withOther = others is null ? null : Agreed(first, others, seed);
        return new WinRateResult(
            JsonNode.Parse(judge)!,
            [.. parts.Select(part => part.Comparison)],
            difference,
            retest,
            withOther,
            [
                .. parts.Count == 2 && difference is null ? ["difference: no prompt has a verdict for both A and B."] : (string[])[],
                .. files.Again.Count > 0 && retest is null ? ["asked again: no pair has two verdicts."] : (string[])[],
                .. others is not null && withOther is null ? ["with the other judge: no pair has a verdict from both."] : (string[])[],
            ],
            judgements.SelectMany(judgement => judgement.Orders).Select(order => order.Model).OfType<string>()
                .CountBy(model => model).ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>On what both were asked about: one text twice is a tie by rule, and no judge's merit.</summary>
    private static Agreement? Agreed(PairJudgement[] first, IReadOnlyDictionary<string, Outcome> others, ulong seed) => Agreement.Of(
        [
            .. first.DistinctBy(judgement => judgement.Pair.Id)
                .Where(judgement => judgement.Orders.Count > 0 && judgement.Outcome is not null && others.ContainsKey(judgement.Pair.Id))
                .Select(judgement => (judgement.Outcome!.Value, others[judgement.Pair.Id])),
        ],
        seed);

    private static Agreement? Retested(PairJudgement[] first, IEnumerable<PairJudgement> second, ulong seed)
    {
        Dictionary<ResponsePair, Outcome?> before = first.DistinctBy(judgement => judgement.Pair)
            .ToDictionary(judgement => judgement.Pair, judgement => judgement.Outcome);
        return Agreement.Of(
            [
                .. second.Where(judgement => judgement.Orders.Count > 0)
                    .Select(judgement => (Before: before[judgement.Pair with { Repeat = 0 }], After: judgement.Outcome))
                    .Where(pair => pair.Before is not null && pair.After is not null)
                    .Select(pair => (pair.Before!.Value, pair.After!.Value)),
            ],
            seed);
    }
}
