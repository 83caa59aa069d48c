using Goodhart.Alignment.Losses;

namespace Goodhart.Studies.Trees.Tabular;

/// <summary>Two responses and how often the first is preferred: an annotator's whole opinion instead of one draw of it.</summary>
/// <param name="Preferred">Probability that the first wins, 0 to 1.</param>
public readonly record struct TabularPair(int First, int Second, double Preferred)
{
    /// <summary>Every pair of responses, labelled by Bradley-Terry, Eq. (1): p = σ(r_first − r_second). Full coverage.</summary>
    public static TabularPair[] All(IReadOnlyList<double> rewards) => Among([.. Enumerable.Range(0, rewards.Count)], rewards);

    /// <summary>Every pair of some responses.</summary>
    public static TabularPair[] Among(IReadOnlyList<int> responses, IReadOnlyList<double> rewards) =>
    [
        .. responses.SelectMany((first, place) => responses.Skip(place + 1).Select(
            second => new TabularPair(first, second, LogSpace.Sigmoid(rewards[first] - rewards[second])))),
    ];
}
