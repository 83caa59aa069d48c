using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Models.Rewards;
using Goodhart.Models.Scoring;

namespace Goodhart.Steps.Training;

/// <summary>One reward from one or several reward models, each shifted and scaled to a level first.</summary>
/// <param name="members">Taken over: disposed with this.</param>
internal sealed class CombinedReward(
    IReadOnlyList<LanguageModel> members, IReadOnlyList<RewardLevel> levels, RewardEnsemble ensemble, int rowBudget) : ISampleReward
{
    private readonly RewardScorer[] scorers = [.. members.Select(member => new RewardScorer(member, rowBudget))];

    /// <returns>Per tree, one reward per response.</returns>
    public double[][] Rewards(IReadOnlyList<PromptTree> trees, CancellationToken cancel)
    {
        double[][][] each = [.. scorers.Select(scorer => scorer.Rewards(trees, cancel))];
        return [.. trees.Select((tree, t) => tree.Responses.Select((_, i) => Combined(t, i)).ToArray())];

        double Combined(int t, int i) => ensemble.Combine([.. each.Select((own, k) => levels[k].Apply(own[t][i]))]);
    }

    public void Dispose()
    {
        Array.ForEach(scorers, scorer => scorer.Dispose());
        foreach (LanguageModel member in members)
        {
            member.Dispose();
        }
    }
}

/// <summary>What a reward model's scores are made relative to.</summary>
public readonly record struct RewardLevel(double Mean, double Scale)
{
    public static readonly RewardLevel Raw = new(0, 1);

    public double Apply(double reward) => (reward - Mean) / Scale;
}
