using Goodhart.Alignment.PolicyGradient;
using Goodhart.Models;

namespace Goodhart.Cli.Bench.Work;

/// <summary>What PPO learns from a collection of responses: log-probs and values, then the epochs of updates of both models.</summary>
internal sealed class PpoWork : TrainingWork
{
    private const int Epochs = 4;

    public override string Name => "ppo";

    public override IEnumerable<WorkPart> Parts(WorkSetting setting)
    {
        Episode[] episodes =
        [
            .. setting.Texts.Pairs.Select(pair => new Episode(
                pair.Id, pair.Prompt, pair.Chosen, Finished: true, Score: pair.Id % 2, [.. pair.Chosen.Select(_ => -4f)])),
        ];
        LanguageModel value = setting.ScoreModel();
        PpoOptions options = new()
        {
            Policy = Options(RmsProp, episodes.Length),
            Value = Options(RmsProp, episodes.Length),
            Kl = new FixedKl { Initial = 0.05 },
            Epochs = Epochs,
        };
        PpoTrainer trainer = new(setting.Model, value, options, rowBudget: setting.RowBudget, memory: setting.Memory);
        double forward = episodes.Sum(episode =>
            WorkAmount.Forward(setting.Shape, episode.Prompt.Length, episode.Tokens.Length)
            + WorkAmount.Forward(value.Shape, episode.Prompt.Length, episode.Tokens.Length));
        WorkAmount amount = new(
            episodes.Sum(episode => episode.Prompt.Length + episode.Tokens.Length), episodes.Length, (1 + (3 * Epochs)) * forward);
        yield return new WorkPart(Name, "responses", amount, () => trainer.Step(episodes, totalCollections: 1), trainer, value);
    }
}
