using Goodhart.Alignment.Training;
using Goodhart.Models;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;

namespace Goodhart.Steps.Runs;

/// <summary>What a part of a policy-gradient run takes.</summary>
public static class RolloutSize
{
    /// <summary>Of a collection: sampling, scoring by reference, policy and rewards, and the updates; a response is taken to be half as
    /// long as it may be.</summary>
    /// <param name="rewards">Reward models.</param>
    /// <param name="trained">Numbers that are trained, where they are an adapter's and the weights are frozen; null: the weights.</param>
    public static SegmentSize Of(
        ModelConfig model, PolicyMethod method, TrainingOptions recipe, int rewards, TokenizedData prompts, int promptsPerCollection,
        int samplesPerPrompt,
        int maxNewTokens, long? trained = null)
    {
        double forward = promptsPerCollection * model.Shape.Forward(prompts.MeanTokens(), maxNewTokens / 2.0, samplesPerPrompt);
        int models = method is PpoMethod ? 2 : 1;
        int passes = trained is null ? 3 : 2;
        long weights = sizeof(float) * (trained ?? model.Shape.Parameters);

        // The value model is state of the run: it goes with the optimizers' when only weights are kept.
        return new SegmentSize(
            forward * (2 + rewards + models + (passes * models * method.Options.Epochs)),
            weights,
            weights * ((models * recipe.Optimizer.StateNames.Count) + models - 1));
    }
}
