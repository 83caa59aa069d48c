using Goodhart.Evaluation.Judges.Chat;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Runs;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>A study's judge, opened to see that it can be used: who it is, and what judging takes.</summary>
/// <param name="Model">Of a judge that this machine runs; null for one that is asked elsewhere.</param>
/// <param name="Need">Of so many prompts and samples.</param>
internal sealed record OpenedJudge(JudgeIdentity Identity, ModelInput? Model, Func<TokenizedData, ResponseSampling, JudgeNeed> Need)
{
    /// <param name="told">Of a reward model, as <see cref="Models.ModelFolder.Open"/> has it.</param>
    /// <exception cref="InvalidDataException">A reward model that is none, or a damaged template.</exception>
    public static OpenedJudge Open(JudgeDefinition definition, ulong seed, Action<string>? told) => definition switch
    {
        ChatJudgeDefinition chat => Of(StudyJudgeOptions.Of(chat, seed, ApiKey.None)),
        GoldJudgeDefinition gold => new OpenedJudge(new GoldIdentity(gold.WorldSeed), null, (_, _) => JudgeNeed.None),
        RewardModelJudgeDefinition reward => Of(RewardInputs.One(reward.From, "judge.from", told)),
        _ => throw new NotSupportedException($"{definition.GetType().Name} is no judge of a study."),
    };

    private static OpenedJudge Of(ChatJudgeOptions options) =>
        new(ChatJudgeIdentity.Of(options), null, (prompts, sampling) => JudgeNeed.Of(options, prompts, sampling));

    private static OpenedJudge Of(ModelInput reward) => new(
        new RewardModelIdentity(new NamedFolder(reward.Folder)), reward, (prompts, sampling) => JudgeNeed.Of(
            reward.Config, prompts, sampling));
}
