using Goodhart.Evaluation.Theory.Queries;

namespace Goodhart.Evaluation.Tests.Theory.Queries;

/// <summary>Preference data of all sorts: several prompts, repeated, contrary and equal pairs, responses in no pair.</summary>
internal static class RandomGraphs
{
    public static PreferenceGraph Draw(int seed)
    {
        Random random = new(seed);
        int prompts = random.Next(1, 5);
        int[] promptOfNode =
        [
            .. Enumerable.Range(0, prompts).Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(prompts))),
        ];
        List<PreferenceEdge> edges = [];
        for (int pair = random.Next(1, 25); pair > 0; pair--)
        {
            int chosen = random.Next(promptOfNode.Length);
            int[] others = [.. Enumerable.Range(0, promptOfNode.Length).Where(node => promptOfNode[node] == promptOfNode[chosen])];
            edges.Add(new(chosen, others[random.Next(others.Length)]));
        }

        return new PreferenceGraph(promptOfNode, prompts, edges);
    }
}
