using Goodhart.Alignment.Losses;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Training;
using Goodhart.Text.Truncation;

namespace Goodhart.Studies.Stages.Running;

/// <summary>What an evaluation reads, opened and checked.</summary>
/// <param name="Pairs">Null without held-out pairs.</param>
internal sealed record EvaluationInputs(
    EvaluateSettings Settings, ModelInput Reference, IReadOnlyList<(string Name, ModelInput Model)> Checkpoints, TokenizePrompts Prompts, TokenizePairs? Pairs)
{
    /// <exception cref="InvalidDataException">Models or data cannot be used.</exception>
    public static EvaluationInputs Of(EvaluateSettings settings)
    {
        ModelInput reference = ModelInput.Open(settings.ReferencePath);
        (string Name, ModelInput Model)[] checkpoints =
            [.. settings.Checkpoints.SelectMany(CheckpointFolders.Of).Select(path => (path, ModelInput.Open(path)))];
        Array.ForEach(checkpoints, checkpoint => checkpoint.Model.RequireSameVocabulary(reference));
        TokenizerFiles tokenizer = TokenizerFiles.Of(settings.ReferencePath);
        int positions = checkpoints.Select(checkpoint => checkpoint.Model.Config.MaxPositions).Append(reference.Config.MaxPositions).Min();
        TokenizePrompts prompts = PromptFile.LeavingRoom(
            settings.PromptsPath, settings.Columns, tokenizer, positions, settings.MaxPromptTokens, settings.Sampling.MaxNewTokens) with
        {
            Limit = settings.PromptLimit,
        };
        PromptFile.Check(prompts.Source);
        TokenizePairs? pairs = settings.HeldOutPath is { } path
            ? new() { Source = new StageData(settings.Columns, new LengthBudget(positions), new KeepEnd()).Source(path, tokenizer) }
            : null;
        if (pairs is not null)
        {
            LossCatalogue.RequirePairs(settings.Loss);
            PairFile.RequirePairs(pairs.Source);
        }

        return new EvaluationInputs(settings, reference, checkpoints, prompts, pairs);
    }

    /// <summary>What measures the reference and every checkpoint; tokenizes the files where that is not done.</summary>
    /// <exception cref="InvalidDataException">No prompt that can be used.</exception>
    public async Task<(TokenizedData Data, MeasureCheckpoint[] Steps)> StepsAsync(StageRun run, int rowBudget, CancellationToken cancel)
    {
        TokenizedData data = await run.Runner.RunAsync(Prompts, cancel).ConfigureAwait(false);
        HeldOutPairs? heldOut = null;
        if (Pairs is not null)
        {
            TokenizedData pairData = await PairFile.TokenizeAsync(run.Runner, Pairs, cancel).ConfigureAwait(false);
            heldOut = new HeldOutPairs(Pairs, PairFile.Scores(Reference, Pairs, pairData, rowBudget), LossCatalogue.RequirePairs(Settings.Loss));
        }

        return data.Rows == 0
            ? throw new InvalidDataException($"{Settings.PromptsPath}: no prompts that can be used.")
            : (data, [.. Checkpoints.Prepend((Settings.ReferencePath, Reference)).Select(checkpoint => Measure(checkpoint, data, heldOut, rowBudget))]);
    }

    private MeasureCheckpoint Measure((string Name, ModelInput Model) checkpoint, TokenizedData data, HeldOutPairs? heldOut, int rowBudget) => new()
    {
        Policy = new NamedFolder(checkpoint.Model.Folder),
        Reference = new NamedFolder(Reference.Folder),
        Prompts = Prompts,
        Sampling = Settings.Sampling,
        HeldOut = heldOut,
        CheckpointName = checkpoint.Name,
        RowBudget = rowBudget,
        Cost = MeasureCheckpoint.CostOf(Reference.Config, Settings.Sampling, data, heldOut),
        Bytes = MeasureCheckpoint.BytesOf(Settings.Sampling, data),
    };
}
