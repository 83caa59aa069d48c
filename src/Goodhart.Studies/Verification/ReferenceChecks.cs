using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Training;
using Goodhart.Engine;
using Goodhart.Models.Scoring;
using Goodhart.Steps.Folders;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Verification;

/// <summary>Checks of a model against another one as its reference.</summary>
internal sealed class ReferenceChecks(LoadedModel policy, LoadedModel reference, IReadOnlyList<TokenizedPair> pairs)
{
    /// <summary>The loss of the trainer's first update, against one from whole sequences scored one at a time.</summary>
    /// <param name="scores">The reference's, as training has them: <see cref="Scored"/>.</param>
    public CheckResult Loss(IDevice device, IReadOnlyList<ReferencePair> scores)
    {
        VerifiedTraining run = new(policy.Path, pairs, scores);
        PairLogProbs[] plain = [.. pairs.Select(Plain)];
        PairGradient[] terms = new PairGradient[plain.Length];
        VerifiedTraining.Loss.Evaluate(plain, terms);
        return new CheckResult(
            "loss against REFERENCE", "DPO loss as training computes it, and from whole sequences one at a time",
            Math.Abs(run.InOneGo(device).First.Loss - VerifiedTraining.Loss.BatchLoss(terms)),
            new Tolerances(device.Info).Loss(VerifiedTraining.Loss.Beta, pairs));
    }

    /// <summary>Response by response, where the mean over a batch's pairs would let what differs cancel.</summary>
    /// <param name="scores">The reference's, as training has them: <see cref="Scored"/>.</param>
    public CheckResult LogProbs(IDevice device, IReadOnlyList<ReferencePair> scores) => new(
        "REFERENCE's log-probs", "per response and √token, as training has them, and from whole sequences one at a time",
        pairs.Select(Plain).Zip(scores, (plain, score) => Math.Max(
                Math.Abs(plain.ReferenceChosen - score.Chosen) / Math.Sqrt(plain.ChosenLength),
                Math.Abs(plain.ReferenceRejected - score.Rejected) / Math.Sqrt(plain.RejectedLength)))
            .Aggregate(Math.Max),
        new Tolerances(device.Info).TokenMean);

    public static ReferencePair[] Scored(LoadedModel model, IReadOnlyList<TokenizedPair> pairs)
    {
        using ResponseScorer scorer = new(model.Model);
        double[][] scored = scorer.LogProbs([.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))]);
        return [.. scored.Select(pair => new ReferencePair(pair[0], pair[1]))];
    }

    private PairLogProbs Plain(TokenizedPair pair) => new(
        LogProb(policy, pair.Prompt, pair.Chosen), LogProb(policy, pair.Prompt, pair.Rejected),
        LogProb(reference, pair.Prompt, pair.Chosen), LogProb(reference, pair.Prompt, pair.Rejected),
        pair.Chosen.Length, pair.Rejected.Length);

    private static double LogProb(LoadedModel model, int[] prompt, int[] response) =>
        ResponseScorer.Sum(WholeSequences.OfResponse(model.Model, prompt, response));
}
