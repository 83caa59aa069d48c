using Goodhart.Studies.Configuration;

namespace Goodhart.Studies.Running;

/// <summary>The files and folders that a study names: all that are missing are told at once, with what belongs there.</summary>
internal static class StudyPlaces
{
    /// <exception cref="StudyFileException">Some are missing.</exception>
    public static void Require(DataStudy study)
    {
        List<string> mistakes =
        [
            .. MissingFile(study.Data.Preferences, "data.preferences", "preference pairs to train on (prompt, chosen, rejected; JSONL, JSON, CSV or Parquet)"),
            .. MissingFile(study.Data.HeldOut, "data.heldOut", "preference pairs with other prompts, to measure on"),
            .. study.Data.Sft is { } sft ? MissingFile(sft, "data.sft", "demonstrations (prompt and completion, text or messages)") : [],
            .. study.Models.SelectMany((model, i) => MissingFolder(model.From, FormattableString.Invariant($"models[{i}].from"))),
            .. study.Judge is RewardJudgeDefinition reward ? MissingFolder(reward.Model, "judge.model") : [],
        ];
        if (mistakes.Count > 0)
        {
            throw new StudyFileException(mistakes);
        }
    }

    private static IEnumerable<string> MissingFile(StudyPath file, string key, string what)
    {
        if (!File.Exists(file.Text))
        {
            yield return $"{file.Place}: {key}: no file {file.Text}. Put {what} there, or name another file: --set {key}=FILE.";
        }
    }

    private static IEnumerable<string> MissingFolder(StudyPath folder, string key)
    {
        if (!Directory.Exists(folder.Text))
        {
            yield return $"{folder.Place}: {key}: no folder {folder.Text}. Put a Hugging Face GPT-NeoX folder there (config.json, model.safetensors, tokenizer.json; "
                + $"nothing is downloaded), or name another: --set {key}=FOLDER.";
        }
    }
}
