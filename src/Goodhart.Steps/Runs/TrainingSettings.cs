using Goodhart.Alignment.Training;
using Goodhart.Models.Adapters;
using Goodhart.Steps.Rows;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Runs;

/// <summary>What every training stage is told.</summary>
/// <param name="ModelPath">The Hugging Face folder to start from.</param>
/// <param name="DataPath">The file to train on.</param>
/// <param name="Seed">Of the data order.</param>
public sealed record TrainingSettings(
    string ModelPath, string DataPath, StageData Data, TrainingOptions Recipe, int Epochs, CheckpointPlan Checkpoints, ulong Seed)
{
    /// <summary>The adapter that is trained instead of the model's weights; null: these, or the folder's adapter where it is one.</summary>
    public LoraConfig? Lora { get; init; }

    /// <summary>The settings with a budget that models have positions for.</summary>
    /// <param name="told">Told where it is not the usual one.</param>
    /// <exception cref="InvalidDataException">The budget is the user's and does not fit, or the tokenizer is another
    /// model's.</exception>
    internal TrainingSettings For(ITokenizer tokenizer, Action<string>? told, params IReadOnlyList<ModelInput> models)
    {
        ModelInput narrowest = models.MinBy(model => model.Config.MaxPositions)!;
        int positions = narrowest.Config.MaxPositions;
        StageData data = Data;
        if (Data.FollowsModel && positions < Data.Budget.MaxTokens)
        {
            data = Data with { Budget = Data.Budget with { MaxTokens = positions } };
            told?.Invoke(FormattableString.Invariant(
                $"{narrowest.Folder.Path}: rows have at most {positions} tokens, as many as the model has positions (--max-tokens)."));
        }

        foreach (ModelInput model in models)
        {
            model.Require(tokenizer, data.Budget);
        }

        return this with { Data = data };
    }
}
