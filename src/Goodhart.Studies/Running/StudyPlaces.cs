using Goodhart.Hub.Cache;
using Goodhart.Hub.Datasets;
using Goodhart.Hub.Names;
using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>The files and folders that a study names: all that are missing are told at once, with what belongs there.</summary>
internal static class StudyPlaces
{
    /// <exception cref="StudyFileException">Some are missing.</exception>
    public static void Require(StudyDefinition study)
    {
        List<string> mistakes =
        [
            .. study.Data is { } data ? MissingFiles(data) : [],
            .. study.Models.SelectMany(
                (model, i) => model is ExistingModel own ? MissingFolder(own.From, FormattableString.Invariant($"models[{i}].from")) : []),
            .. study.Rlhf?.Reward is ExistingReward reward ? MissingReward(reward.From, "rlhf.reward.from") : [],
            .. study.Judge is RewardModelJudgeDefinition judge ? MissingReward(judge.From, "judge.from") : [],
        ];
        if (mistakes.Count > 0)
        {
            throw new StudyFileException(mistakes);
        }
    }

    private static IEnumerable<string> MissingFiles(DataDefinition data) =>
    [
        .. MissingFile(
            data.Preferences, "data.preferences", "preference pairs to train on (prompt, chosen, rejected; JSONL, JSON, CSV or Parquet)"),
        .. MissingFile(data.HeldOut, "data.heldOut", "preference pairs with other prompts, to measure on"),
        .. data.Sft is { } sft ? MissingFile(sft, "data.sft", "demonstrations (prompt and completion, text or messages)") : [],
        .. data.Pretrain is { } pretrain
        ? MissingFile(pretrain, "data.pretrain", "texts to learn the language from (prompt and completion, text or messages)")
        : [],
        .. data.Prompts is { } prompts
        ? MissingFile(prompts, "data.prompts", "prompts that are in no pair, with the data's responses (prompt, reference)")
        : [],
        .. data.Tokenizer is { } tokenizer && !Directory.Exists(tokenizer.Folder)
            ? [$"{tokenizer.Place}: data.tokenizer: no folder {tokenizer.Text}. Put one with a tokenizer.json there, or name another: "
                + $"--set data.tokenizer=FOLDER.{Pull(tokenizer)}"]
            : (string[])[],
    ];

    private static IEnumerable<string> MissingFile(StudyPath file, string key, string what)
    {
        if (!File.Exists(file.File))
        {
            yield return $"{file.Place}: {key}: no file {file.Text}. Put {what} there, or name another file: --set "
                + $"{key}=FILE.{PullData(file)}";
        }
    }

    private static IEnumerable<string> MissingReward(StudyPath folder, string key)
    {
        if (!Directory.Exists(folder.Folder))
        {
            yield return $"{folder.Place}: {key}: no folder {folder.Text}. Put a reward model there (`goodhart reward` makes one from "
                + $"pairs), or name another: --set {key}=FOLDER.{Pull(folder)}";
        }
    }

    private static IEnumerable<string> MissingFolder(StudyPath folder, string key)
    {
        if (!Directory.Exists(folder.Folder))
        {
            yield return $"{folder.Place}: {key}: no folder {folder.Text}. Put a Hugging Face model folder there (config.json, "
                + "model.safetensors, tokenizer.json; "
                + $"nothing is downloaded unasked), or name another: --set {key}=FOLDER.{Pull(folder)}";
        }
    }

    /// <summary>How to fetch what may be a name of the hub; nothing where it is none.</summary>
    private static string Pull(StudyPath folder) =>
        HubName.TryParse(folder.Text, RepoKind.Model) is { } name && name.Id.Contains('/', StringComparison.Ordinal)
        ? $" If it is a name of the hub: {name.PullCommand}"
        : "";

    private static string PullData(StudyPath file) =>
        CachedNames.MissingData(file.Text) is not null && DatasetName.TryParse(file.Text) is { } name
        ? $" If it is a name of the hub: {name.Repository.PullCommand}"
        : "";
}
