using Goodhart.Models.GptNeoX;
using Goodhart.Pipeline;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Training;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Shapes;

namespace Goodhart.Studies.Stages.Running;

/// <summary>Files of preference pairs, as the stages that need them see them.</summary>
internal static class PairFile
{
    /// <returns>How the file is read, in words.</returns>
    /// <exception cref="InvalidDataException">No preference data.</exception>
    public static string RequirePairs(RowSource source)
    {
        Dataset data = source.OpenData();
        return data.Shape is PreferenceShape
            ? data.Shape.Description
            : throw new InvalidDataException(
                $"{data.File.Name}: expected preference data (chosen and rejected), found SFT data: {data.Shape.Description}.");
    }

    /// <summary>Tokenises pairs to measure on; a standard error needs two.</summary>
    public static async Task<TokenizedData> TokenizeAsync(Runner runner, TokenizePairs rows, CancellationToken cancel)
    {
        TokenizedData data = await runner.RunAsync(rows, cancel).ConfigureAwait(false);
        return data.Rows >= 2
            ? data
            : throw new InvalidDataException(FormattableString.Invariant(
                $"{rows.Source.Data.Path}: expected at least 2 held-out pairs, found {data.Rows} that can be used of {data.Read}."));
    }

    public static ReferenceScores Scores(ModelInput reference, TokenizePairs rows, TokenizedData data, int rowBudget) => new()
    {
        Reference = new ModelFolder(reference.Folder),
        Rows = rows,
        RowBudget = rowBudget,
        Cost = data.Rows * TrainingRun.CostPerRow(new GptNeoXFlops(reference.Config), data, responses: 2),
    };
}
