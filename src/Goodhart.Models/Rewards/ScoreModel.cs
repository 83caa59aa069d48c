using Goodhart.Engine;
using Goodhart.Engine.Randomness;

namespace Goodhart.Models.Rewards;

/// <summary>A language model's trunk under a head of one score: how reward and value models begin.</summary>
public static class ScoreModel
{
    /// <summary>Copies the trunk; of an adapted model it copies the adapter and shares what that stands on. The head is drawn from N(0,
    /// 1/(d + 1)), as Stiennon et al. (2020) and TRL start it.</summary>
    /// <param name="seed">Of the head's weights.</param>
    public static LanguageModel From(LanguageModel language, ulong seed, bool training)
    {
        ModelConfig config = language.Config.WithScoreHead();
        if (language.Weights.Adapter is { } adapter)
        {
            return config.Create(language.Device, language.Weights.Share(adapter.UnderScore(language.Device, config, seed, training)));
        }

        LanguageModel model = config.Create(language.Device, training);
        string head = config.HeadName;
        foreach (Parameter parameter in model.Parameters.All)
        {
            model.Parameters.Set(
                parameter.Name, parameter.Name == head
                    ? FreshHead(head, model.Config.HiddenSize, seed)
                    : language.Parameters.Get(parameter.Name));
        }

        return model;
    }

    /// <param name="name">Of the tensor.</param>
    internal static float[] FreshHead(string name, int width, ulong seed)
    {
        RandomStream stream = new(seed, "initial weights/" + name, item: 0);
        double deviation = 1 / Math.Sqrt(width + 1.0);
        return [.. Enumerable.Range(0, width).Select(_ => (float)(deviation * stream.NextNormal()))];
    }
}
