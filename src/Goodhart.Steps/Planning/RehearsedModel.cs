using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Models.Safetensors;

namespace Goodhart.Steps.Planning;

/// <summary>Models as training has them, by their shape alone: no file is read.</summary>
internal static class RehearsedModel
{
    /// <param name="lora">The adapter that is trained; null: all weights are.</param>
    public static LanguageModel Trained(IDevice device, ModelConfig config, LoraConfig? lora, OutputHead head)
    {
        ModelConfig own = With(config, head);
        if (lora is null)
        {
            return own.Create(device, training: true);
        }

        TensorSpec[] frozen = [.. own.Tensors().Where(tensor => head == OutputHead.Language || tensor.Name != own.HeadName)];
        return own.Create(
            device,
            new ModelWeights(
                new ParameterSet(device, [.. frozen.Select(tensor => tensor.Layout())], training: false), Adapter(device, own, lora)));
    }

    /// <summary>A model of one score beside another that is trained: under an adapter it shares what both stand on.</summary>
    public static LanguageModel ScoreBeside(LanguageModel policy, LoraConfig? lora)
    {
        ModelConfig own = With(policy.Config, OutputHead.Score);
        return lora is null
            ? own.Create(policy.Device, training: true)
            : own.Create(policy.Device, policy.Weights.Share(Adapter(policy.Device, own, lora)));
    }

    private static ModelConfig With(ModelConfig config, OutputHead head) => config.Head == head ? config : config.WithScoreHead();

    private static Adapter Adapter(IDevice device, ModelConfig config, LoraConfig lora) =>
        new(device, config, lora, baseModel: "", trainsHead: config.Head == OutputHead.Score, training: true);
}
