using Goodhart.Pipeline;
using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Training;

namespace Goodhart.Studies.Stages.Running;

/// <summary>Files of preference pairs, as the stages that need them see them.</summary>
internal static class PairFile
{
    /// <returns>How the file is read, in words.</returns>
    /// <exception cref="InvalidDataException">No preference data.</exception>
    public static string RequirePairs(RowSource source) => source.OpenData().RequirePreferences().Description;

    /// <summary>Tokenises rows to measure on; a standard error needs two.</summary>
    public static async Task<TokenizedData> TokenizeAsync(Runner runner, TokenizeRows rows, CancellationToken cancel)
    {
        TokenizedData data = await runner.RunAsync(rows, cancel).ConfigureAwait(false);
        return data.Rows >= 2 ? data
            : data.Rows == 0 && data.Read > 0 ? throw new InvalidDataException(data.NoRows(rows.Source.Data.Path))
            : throw new InvalidDataException(FormattableString.Invariant(
                $"{rows.Source.Data.Path}: expected at least 2 held-out rows, found {data.Rows} that can be used of {data.Read}."));
    }

    public static ReferenceScores Scores(ModelInput reference, TokenizePairs rows, TokenizedData data, int rowBudget) => new()
    {
        Reference = new NamedFolder(reference.Folder),
        Rows = rows,
        RowBudget = rowBudget,
        Cost = data.Rows * TrainingRun.CostPerRow(reference.Config.Shape, data, responses: 2),
    };
}
