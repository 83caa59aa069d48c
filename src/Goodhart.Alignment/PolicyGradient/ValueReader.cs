using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Scoring;

namespace Goodhart.Alignment.PolicyGradient;

/// <summary>V of the state before each response token: the score at the row that predicts it.</summary>
internal sealed class ValueReader(LanguageModel value, int rowBudget) : IDisposable
{
    private readonly IArena arena = value.Device.CreateArena("values", 1 << 20);

    /// <returns>By episode, then by token.</returns>
    public double[][] Values(IReadOnlyList<Episode> episodes)
    {
        List<double[]> result = [];
        IReadOnlyList<(PromptTree Tree, Range Episodes)> groups = EpisodeForest.Groups(episodes);
        foreach (Range part in ForestPacker.Pack(groups, group => group.Tree.Rows, rowBudget))
        {
            Range covered = groups[part.Start.Value].Episodes.Start..groups[part.End.Value - 1].Episodes.End;
            EpisodeForest forest = EpisodeForest.Of([.. episodes.Take(covered)]);
            arena.Reset();
            Tape tape = new(value.Device, arena, recording: false);
            float[] scores = value.Device.ReadF32(ModelOutputs.Scores(value, tape, value.Device.Prepare(forest.Plan, arena)).Value);
            result.AddRange(forest.Targets.Select(range => Array.ConvertAll(forest.Plan.TargetRows[range], row => (double)scores[row])));
        }

        return [.. result];
    }

    public void Dispose() => arena.Dispose();
}
