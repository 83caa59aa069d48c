using Goodhart.Engine;
using Goodhart.Models.Scoring;

namespace Goodhart.Alignment.PolicyGradient;

/// <summary>Episodes as a forest: neighbours with one prompt share it.</summary>
/// <param name="Plan">Every response token is a target.</param>
/// <param name="Targets">By episode, in the order given: its targets.</param>
internal sealed record EpisodeForest(SequencePlan Plan, Range[] Targets)
{
    public static EpisodeForest Of(IReadOnlyList<Episode> episodes)
    {
        ForestBuilder forest = new();
        Range[] targets = [.. Trees(episodes).SelectMany(tree => tree.AddTo(forest))];
        return new EpisodeForest(forest.Build(), targets);
    }

    /// <summary>Consecutive episodes of a prompt, with their place in the list.</summary>
    public static IReadOnlyList<(PromptTree Tree, Range Episodes)> Groups(IReadOnlyList<Episode> episodes)
    {
        List<(PromptTree, Range)> groups = [];
        for (int start = 0, end; start < episodes.Count; start = end)
        {
            end = start + 1;
            while (end < episodes.Count && episodes[end].Item == episodes[start].Item)
            {
                end++;
            }

            groups.Add(
                (new PromptTree(episodes[start].Prompt, [.. episodes.Take(start..end).Select(episode => episode.Tokens)]), start..end));
        }

        return groups;
    }

    private static IEnumerable<PromptTree> Trees(IReadOnlyList<Episode> episodes) => Groups(episodes).Select(group => group.Tree);
}
