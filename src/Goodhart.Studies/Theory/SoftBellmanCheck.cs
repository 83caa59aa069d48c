using Goodhart.Evaluation.Theory;
using Goodhart.Evaluation.Theory.SoftQ;

namespace Goodhart.Studies.Theory;

/// <summary>
/// Whether the rewards that are read off a policy lead back to it. On the tree of its likeliest tokens, Eq. (8) to (10) are solved with
/// these rewards, from the leaves to the root, and compared with the policy renormalised on that tree.
/// </summary>
/// <param name="Trees">One for each prompt.</param>
/// <param name="Actions">Tokens at every prefix.</param>
/// <param name="Depth">Tokens of a path.</param>
/// <param name="LogProb">Largest |log π* − log π|, nats; NaN where one is.</param>
/// <param name="Value">Largest |V* − V|, in the units of the reward; NaN where one is.</param>
public sealed record SoftBellmanCheck(int Trees, int Actions, int Depth, double LogProb, double Value)
{
    /// <summary>Tokens of a path.</summary>
    public const int Levels = 3;

    private const int Likeliest = 4;
    private const int Prompts = 4;

    /// <param name="prompts">With room for <see cref="Levels"/> more tokens; the first few are taken.</param>
    /// <returns>Null without a prompt.</returns>
    public static SoftBellmanCheck? Of(
        IPrefixLogits policy, IPrefixLogits reference, IEnumerable<int[]> prompts, double beta, CancellationToken cancel = default)
    {
        int actions = Math.Min(Likeliest, policy.VocabularySize);
        (double LogProb, double Value)[] worst =
        [
            .. prompts.Take(Prompts).Select(prompt => LikeliestTree.Grow(policy, reference, prompt, actions, Levels, cancel))
                .Select(tree => Worst(tree, beta)),
        ];
        return worst.Length == 0
            ? null
            : new SoftBellmanCheck(
                worst.Length, actions, Levels, worst.Select(tree => tree.LogProb).Aggregate(Math.Max),
                worst.Select(tree => tree.Value).Aggregate(Math.Max));
    }

    private static (double LogProb, double Value) Worst(LikeliestTree tree, double beta)
    {
        TokenResponse[] paths = [.. tree.Paths().Select(path => new TokenResponse(path, Ended: true))];
        IReadOnlyList<ResponseValues> read =
            ResponseValues.Of(tree.Policy, tree.Reference, [new ResponseTree([], paths)], beta, seen: null);
        Dictionary<string, double> rewards = [];
        Dictionary<string, double> values = [];
        foreach ((TokenResponse path, ResponseValues own) in paths.Zip(read))
        {
            foreach (TokenValue token in own.Tokens)
            {
                values[LikeliestTree.Key(path.Tokens[..token.Position])] = token.Value;
                rewards[LikeliestTree.Key(path.Tokens[..(token.Position + 1)])] = token.Reward;
            }
        }

        SoftBellman solved = new(
            tree.Actions, tree.Depth, beta, prefix => rewards[LikeliestTree.Key(prefix)], prefix => LogProbs(tree.ReferenceAt(prefix)));
        (double logProb, double value) = (0, 0);
        foreach (int[] prefix in tree.Prefixes())
        {
            double[] expected = LogProbs(tree.PolicyAt(prefix));
            logProb = solved.LogPolicy(prefix).Zip(expected, (own, other) => Math.Abs(own - other)).Aggregate(logProb, Math.Max);
            value = Math.Max(value, Math.Abs(solved.Value(prefix) - values[LikeliestTree.Key(prefix)]));
        }

        return (logProb, value);
    }

    private static double[] LogProbs(double[] logits)
    {
        double normaliser = LogSum.Exp(logits);
        return Array.ConvertAll(logits, logit => logit - normaliser);
    }
}
