using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Models.Scoring;
using Goodhart.Steps.Folders;
using Goodhart.Text.Data;

namespace Goodhart.Studies.Verification;

/// <summary>Checks of the forward pass: log-probs computed in two ways must agree.</summary>
internal sealed class ScoringChecks(LoadedModel model, IReadOnlyList<TokenizedPair> pairs, ulong seed)
{
    /// <summary>The plain path takes one short sequence: it is slow by design.</summary>
    private const int PlainTokens = 32;

    private const int SampledTokens = 16;

    private readonly Tolerances tolerances = new(model.Model.Device.Info);
    private readonly PromptTree[] trees = [.. pairs.Select(pair => new PromptTree(pair.Prompt, [pair.Chosen, pair.Rejected]))];

    public CheckResult Packing() => new(
        "packing", "log-probs with the pairs in one forest, and each pair alone",
        Difference.Largest(Scored(int.MaxValue), Scored(rowBudget: 1)),
        model.Model.Device.Info.PromisesBits ? Tolerances.Bits : tolerances.Token);

    public CheckResult PrefixSharing() => new(
        "prefix sharing", "log-probs per token with the prompt shared by both responses, and written out for each",
        Difference.Largest(
            Scored(int.MaxValue),
            [
                .. trees.SelectMany(
                    tree => tree.Responses.SelectMany(response => WholeSequences.OfResponse(model.Model, tree.Prompt, response))),
            ]),
        tolerances.Token);

    public CheckResult PlainPath()
    {
        int[] tokens = [.. pairs[0].Prompt.TakeLast(PlainTokens / 2), .. pairs[0].Chosen.Take(PlainTokens / 2)];
        using ModelFolder folder = ModelFolder.Open(model.Path, told: null);
        PlainModel plain = folder.Config.CreatePlain(Weight);
        return new CheckResult(
            "plain path", "log-probs per token of the fast path, and of the plain equations in double precision",
            Difference.Largest(
                WholeSequences.LogProbs(model.Model, tokens), Array.ConvertAll(plain.LogProbs(tokens), value => (float)value)),
            tolerances.Token);

        float[] Weight(string name)
        {
            float[] values = new float[folder.Tensors.Single(tensor => tensor.Name == name).Shape.Elements];
            folder.ReadInto(name, values);
            return values;
        }
    }

    public CheckResult Rescoring()
    {
        int room = model.Model.MaxPositions - pairs.Max(pair => pair.Prompt.Length);
        using Sampler sampler = new(
            model.Model, new SamplingOptions(model.EosId, Math.Min(SampledTokens, room), seed, "verification") { SamplesPerPrompt = 2 });
        IReadOnlyList<Rollout> rollouts = sampler.Sample([.. pairs.Select(pair => new SamplingPrompt(pair.Id, pair.Prompt))]);
        using ResponseScorer scorer = new(model.Model);
        double[][] scored = scorer.LogProbs(
            [.. pairs.Select((pair, i) => new PromptTree(pair.Prompt, [rollouts[2 * i].Tokens, rollouts[(2 * i) + 1].Tokens]))]);
        return new CheckResult(
            "sampling", "log-probs per token noted while sampling, and of the same responses scored",
            rollouts.Zip(scored.SelectMany(pair => pair), (rollout, logProb) => Math.Abs(rollout.LogProb - logProb) / rollout.Tokens.Length)
                .Aggregate(0.0, Math.Max),
            tolerances.TokenMean);
    }

    private float[] Scored(int rowBudget)
    {
        using ResponseScorer scorer = new(model.Model, rowBudget);
        return [.. scorer.TokenLogProbs(trees).SelectMany(tree => tree).SelectMany(response => response)];
    }
}
