namespace Goodhart.Studies.Configuration;

/// <summary>The keys of a study's <c>rlhf</c>.</summary>
internal static class RlhfBinder
{
    public static RlhfDefinition Bind(MappingReader rlhf) => new(
        rlhf.Mapping<RewardSource>("reward", reward => reward.Has("from") ? new ExistingReward(reward.Path("from")) : Reward(reward)),
        rlhf.Mapping("ppo", Ppo),
        rlhf.Mapping("bestOfN", BestOfN));

    private static RewardDefinition Reward(MappingReader reward) => new(
        reward.Whole("batchSize", min: 1),
        reward.Mapping("optimizer", OptimizerBinder.Bind),
        reward.Read("learningRate", ValueRule.AboveZero, 1),
        reward.Whole("warmupSteps", min: 0),
        reward.Read("clipNorm", ValueRule.AboveZero, 1));

    private static PpoDefinition Ppo(MappingReader ppo)
    {
        PpoDefinition bound = new(
            ppo.List("betas", ValueRule.AboveZero, 1),
            ppo.Whole("collections", min: 1),
            ppo.Whole("prompts", min: 1),
            ppo.Whole("samplesPerPrompt", min: 1),
            ppo.Whole("epochs", min: 1),
            ppo.Whole("miniBatches", min: 1),
            ppo.Mapping("optimizer", OptimizerBinder.Bind),
            ppo.Read("learningRate", ValueRule.AboveZero, 1),
            ppo.Read("valueLearningRate", ValueRule.AboveZero, 1),
            ppo.Whole("warmupSteps", min: 0),
            ppo.Read("clipNorm", ValueRule.AboveZero, 1),
            ppo.Read("clipRange", ValueRule.AboveZero, 1),
            ppo.Whole("valueWarmup", min: 0),
            ppo.Read("lambda", ValueRule.FromZeroToOne, 1));
        ppo.Require(
            bound.MiniBatches <= bound.Prompts, "miniBatches", $"expected at most prompts ({bound.Prompts}), found {bound.MiniBatches}.");
        ppo.Require(
            bound.ValueWarmup < bound.Collections, "valueWarmup", $"expected fewer than collections ({bound.Collections}), found "
                + $"{bound.ValueWarmup}.");
        return bound;
    }

    private static BestOfNDefinition BestOfN(MappingReader bestOfN)
    {
        BestOfNDefinition bound = new(bestOfN.List("n", ValueRule.Whole(2), 2), bestOfN.Whole("pool", min: 2));
        bestOfN.Require(
            bound.N.All(n => n <= bound.Pool),
            "pool",
            $"expected at least the largest n ({bound.N.DefaultIfEmpty().Max()}), found {bound.Pool}.");
        return bound;
    }
}
