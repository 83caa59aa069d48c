using Goodhart.Alignment.Losses;
using Goodhart.Steps.Judging;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Runs;

/// <summary>The models and files of an evaluation, looked at before anything runs.</summary>
/// <param name="Pairs">Held-out pairs; null: none are measured.</param>
internal sealed record EvaluationInputs(
    ModelInput Reference, IReadOnlyList<(string Name, ModelInput Model)> Checkpoints, TokenizePrompts Prompts, TokenizePairs? Pairs)
{
    /// <exception cref="InvalidDataException">They cannot be used, or a judge is given and nothing to judge against.</exception>
    public static EvaluationInputs Check(EvaluateSettings settings, StageEnvironment environment)
    {
        ModelInput reference = environment.Open(settings.ReferencePath);
        (string Name, ModelInput Model)[] checkpoints =
            [.. settings.Checkpoints.SelectMany(CheckpointFolders.Of).Select(path => (path, environment.Open(path)))];
        Array.ForEach(checkpoints, checkpoint => checkpoint.Model.RequireSameVocabulary(reference));
        TokenizerFiles tokenizer = TokenizerFiles.Of(
            settings.ReferencePath, settings.Chat,
            [
                .. checkpoints.Select(checkpoint => checkpoint.Model.Folder.Path), settings.ReferencePath,
                .. settings.Judge is RewardJudgeChoice judge ? (string[])[judge.Folder] : [],
            ],
            environment.Note);
        int positions = checkpoints.Select(checkpoint => checkpoint.Model.Config.MaxPositions).Append(reference.Config.MaxPositions).Min();
        TokenizePrompts prompts = PromptFile.LeavingRoom(
            settings.PromptsPath, settings.Reading, tokenizer, positions, settings.MaxPromptTokens, settings.Sampling.MaxNewTokens) with
        {
            Limit = settings.PromptLimit,
        };
        PromptFile.Check(prompts.File);
        TokenizePairs? pairs = settings.HeldOutPath is not { } path ? null : new TokenizePairs
        {
            Source = new StageData(settings.Reading, new LengthBudget(positions), new KeepEnd()).Source(path, tokenizer),
        };
        if (pairs is not null)
        {
            LossCatalogue.RequirePairs(settings.Loss);
            PairInputs.RequirePairs(pairs.File);
        }

        if (settings.Judge is not null)
        {
            SampledPairs.Of(prompts, []).Check();
        }

        return new EvaluationInputs(reference, checkpoints, prompts, pairs);
    }
}
