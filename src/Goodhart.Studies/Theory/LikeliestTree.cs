using Goodhart.Evaluation.Theory.SoftQ;

namespace Goodhart.Studies.Theory;

/// <summary>
/// After a prompt, the policy's likeliest tokens, after each of these again, and so on: a tree with as many actions at every prefix. An
/// action is a token's rank; logits of tokens outside the tree are left out.
/// </summary>
internal sealed class LikeliestTree
{
    private readonly Dictionary<string, (double[] Policy, double[] Reference)> logits = [];

    private LikeliestTree(int actions, int depth) => (Actions, Depth) = (actions, depth);

    public int Actions { get; }

    /// <summary>Actions of a path.</summary>
    public int Depth { get; }

    public TabularLogits Policy => new(Actions, PolicyAt);

    public TabularLogits Reference => new(Actions, ReferenceAt);

    public static LikeliestTree Grow(
        IPrefixLogits policy, IPrefixLogits reference, int[] prompt, int actions, int depth, CancellationToken cancel)
    {
        LikeliestTree tree = new(actions, depth);
        (int[] Actions, int[] Tokens)[] level = [([], [])];
        for (int step = 0; step < depth; step++)
        {
            ResponseTree[] asked = [new(prompt, [.. level.Select(prefix => new TokenResponse(prefix.Tokens, Ended: false))])];
            int[][] likeliest = new int[level.Length][];
            double[][] own = new double[level.Length][];
            double[][] other = new double[level.Length][];
            policy.Visit(asked, (_, response, position, row) => Read(response, position, row, isPolicy: true), cancel);
            reference.Visit(asked, (_, response, position, row) => Read(response, position, row, isPolicy: false), cancel);
            for (int i = 0; i < level.Length; i++)
            {
                tree.logits[Key(level[i].Actions)] = (own[i], other[i]);
            }

            level =
            [
                .. level.SelectMany((prefix, i) => likeliest[i].Select(
                    (token, action) => ((int[])[.. prefix.Actions, action], (int[])[.. prefix.Tokens, token]))),
            ];

            void Read(int response, int position, ReadOnlySpan<double> row, bool isPolicy)
            {
                if (position < asked[0].Responses[response].Tokens.Length)
                {
                    return;   // read one level up
                }

                double[] all = [.. row];
                if (isPolicy)
                {
                    likeliest[response] = [.. Enumerable.Range(0, all.Length).OrderByDescending(token => all[token]).Take(actions)];
                }

                (isPolicy ? own : other)[response] = Array.ConvertAll(likeliest[response], token => all[token]);
            }
        }

        return tree;
    }

    public static string Key(int[] prefix) => string.Join(',', prefix);

    public double[] PolicyAt(int[] prefix) => logits[Key(prefix)].Policy;

    public double[] ReferenceAt(int[] prefix) => logits[Key(prefix)].Reference;

    /// <summary>From the root to the leaves.</summary>
    public IEnumerable<int[]> Paths() => Level(Depth);

    /// <summary>Where an action is to be chosen.</summary>
    public IEnumerable<int[]> Prefixes() => Enumerable.Range(0, Depth).SelectMany(Level);

    private IEnumerable<int[]> Level(int length) => length == 0
        ? [[]]
        : Level(length - 1).SelectMany(prefix => Enumerable.Range(0, Actions).Select(action => (int[])[.. prefix, action]));
}
