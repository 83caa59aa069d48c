using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;

namespace Goodhart.Steps.Runs;

/// <summary>Files of preference pairs, as the stages that need them see them.</summary>
public static class PairInputs
{
    /// <returns>How the file is read, in words.</returns>
    /// <exception cref="InvalidDataException">No preference data.</exception>
    public static string RequirePairs(FileRows source) => source.OpenData().RequirePreferences().Description;

    /// <summary>Tokenises rows to measure on; a standard error needs two.</summary>
    public static async Task<TokenizedData> TokenizeAsync(Runner runner, TokenizeRows rows, CancellationToken cancel)
    {
        TokenizedData data = await runner.RunAsync(rows, cancel).ConfigureAwait(false);
        return data.Rows >= 2 ? data
            : data.Rows == 0 && data.Read > 0 ? throw new InvalidDataException(data.NoRows(rows.File.Data.Path))
            : throw new InvalidDataException(FormattableString.Invariant(
                $"{rows.File.Data.Path}: expected at least 2 held-out rows, found {data.Rows} that can be used of {data.Read}."));
    }

    public static ReferenceScores Scores(ModelInput reference, TokenizePairs rows, TokenizedData data, int rowBudget) =>
        Scores(new NamedFolder(reference.Folder), reference.Config, rows, data, rowBudget);

    public static ReferenceScores Scores(
        ModelSource reference, ModelConfig config, IPairRows rows, TokenizedData data, int rowBudget) => new()
        {
            Reference = reference,
            Rows = rows,
            RowBudget = rowBudget,
            Cost = data.Rows * TrainingRun.CostPerRow(config.Shape, data, responses: 2),
        };
}
