using System.Text.Json;
using Goodhart.Alignment.Remedies;
using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Filtering;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Scoring;
using Goodhart.Steps.Training;
using Goodhart.Text.Datasets;
using Goodhart.Text.Datasets.Files;
using Goodhart.Text.Datasets.Writing;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Runs;

/// <summary>What is left out of a file of pairs, and what says so.</summary>
/// <param name="Rewards">Reward models, for the filters that ask one; else empty.</param>
/// <param name="Reference">For the filters that ask it; else null.</param>
/// <param name="Policy">Aligned on other pairs, for the filter that asks one; else null.</param>
public sealed record FilterSettings(
    string DataPath, RowReading Reading, ChatStyle Chat, FilteredPairs Filter, IReadOnlyList<string> Rewards, string? Reference,
    string? Policy);

/// <summary>What a filter left.</summary>
/// <param name="File">The pairs that are kept, as JSON lines.</param>
/// <param name="Pairs">Of the file, that can be used.</param>
/// <param name="Against">Share of pairs against whose label the margin speaks; ties are half.</param>
/// <param name="Noise">Of the labels, as the margins show it.</param>
public sealed record FilterResult(
    string Directory, string File, int Pairs, int Kept, double Against, LabelNoise Noise, TokenizedData Data);

/// <summary>Writes the pairs of a file that a filter keeps: kept.jsonl, with filter.json and run.json beside it.</summary>
public static class FilterStage
{
    private const string KeptFile = "kept.jsonl";

    /// <exception cref="ArgumentException">A model that the filter needs is missing, or one that it does not ask is named.</exception>
    /// <exception cref="InvalidDataException">Models, data or folder cannot be used; nothing was started.</exception>
    public static async Task<FilterResult> RunAsync(FilterSettings settings, StageEnvironment environment, CancellationToken cancel)
    {
        ModelInput[] models = Models(settings, environment);
        TokenizePairs rows = Rows(settings, models, environment);
        string shape = PairInputs.RequirePairs(rows.File);
        using StageRun run = new(environment, "filter");
        TokenizedData data = await run.Runner.RunAsync(rows, cancel).ConfigureAwait(false);
        if (settings.Filter.Count(data.Rows) == 0)
        {
            throw new InvalidDataException(
                data.Rows == 0 && data.Read > 0
                    ? data.NoRows(settings.DataPath)
                    : FormattableString.Invariant($"{settings.DataPath}: of {data.Rows} pairs none would be kept: raise keep."));
        }

        PairMargins step = Margins(settings, models, rows, data, environment.RowBudget);
        EstimateNoise estimate = new() { Margins = step };
        LabelNoise noise = await run.Runner.RunAsync(estimate, cancel).ConfigureAwait(false);
        double[] margins = run.Runner.Read(step);
        int[] ids = TokenFile.Read(Path.Combine(run.Runner.DirectoryOf(rows), TokenFile.Name), (id, _) => id);
        int[] kept = settings.Filter.Kept(margins);
        string file = Path.Combine(run.Directory, KeptFile);
        Write(settings, file, [.. kept.Select(pair => ids[pair])], cancel);
        FilterResult result = new(
            run.Directory, file, data.Rows, kept.Length, margins.Average(margin => margin < 0 ? 1 : margin == 0 ? 0.5 : 0), noise, data);
        AtomicFile.WriteAllText(
            Path.Combine(run.Directory, "filter.json"),
            JsonSerializer.Serialize(new { result.Pairs, result.Kept, result.Against, result.Noise }, RecordJson.Options) + "\n");
        RunFolder.WriteRecord(run.Directory, new
        {
            stage = "filter",
            environment.Version,
            device = RunRecord.Of(run.Device),
            models = models.Select(RunRecord.Of),
            data = RunRecord.Of(rows, shape, data),
            filter = RunRecord.Of(settings.Filter),
        });
        return result;
    }

    /// <summary>Those that the filter asks: reward models, the reference, or the policy and the reference.</summary>
    private static ModelInput[] Models(FilterSettings settings, StageEnvironment environment)
    {
        (string Option, bool IsGiven, bool IsAsked)[] options =
        [
            ("--reward", settings.Rewards.Count > 0, settings.Filter.NeedsReward),
            ("--reference", settings.Reference is not null, !settings.Filter.NeedsReward),
            ("--policy", settings.Policy is not null, settings.Filter is CrossFitFilter),
        ];
        foreach ((string option, bool isGiven, bool isAsked) in options)
        {
            if (isGiven != isAsked)
            {
                throw new ArgumentException(isAsked
                    ? $"{settings.Filter.Name} needs {option}."
                    : $"{settings.Filter.Name} does not ask {option}: leave it out.");
            }
        }

        string[] paths = settings.Filter.NeedsReward
            ? [.. settings.Rewards.SelectMany(RewardFolders.Of)]
            : [.. settings.Policy is { } policy ? (string[])[policy] : [], settings.Reference!];
        ModelInput[] models = [.. paths.Select(environment.Open)];
        OutputHead head = settings.Filter.NeedsReward ? OutputHead.Score : OutputHead.Language;
        Array.ForEach(models, model => model.Require(head));
        Array.ForEach(models, model => model.RequireSameVocabulary(models[^1]));
        return models;
    }

    private static TokenizePairs Rows(FilterSettings settings, ModelInput[] models, StageEnvironment environment)
    {
        TokenizerFiles tokenizer = TokenizerFiles.Of(
            models[^1].Folder.Path, settings.Chat, [.. models.Select(model => model.Folder.Path)], environment.Note);
        LengthBudget budget = new(models.Min(model => model.Config.MaxPositions));
        TokenizePairs rows = new()
        {
            Source = new StageData(settings.Reading, budget, new KeepEnd()).Source(settings.DataPath, tokenizer),
        };
        Array.ForEach(models, model => model.Require(rows.Source));
        return rows;
    }

    private static PairMargins Margins(FilterSettings settings, ModelInput[] models, TokenizePairs rows, TokenizedData data, int rowBudget)
    {
        if (settings.Filter.NeedsReward)
        {
            return new RewardMargins
            {
                Rows = rows,
                Reward = new PlainRewards([.. models.Select(model => new NamedFolder(model.Folder))]),
                RowBudget = rowBudget,
                Cost = models.Length * data.Rows * TrainingRun.CostPerRow(models[0].Config.Shape, data, responses: 2),
            };
        }

        ReferenceScores reference = PairInputs.Scores(models[^1], rows, data, rowBudget);
        return settings.Policy is null
            ? new ReferenceMargins { Rows = rows, Scores = reference }
            : new PolicyMargins { Rows = rows, Policy = PairInputs.Scores(models[0], rows, data, rowBudget), Reference = reference };
    }

    private static void Write(FilterSettings settings, string file, HashSet<int> kept, CancellationToken cancel)
    {
        string aside = file + ".partial";
        using (FileStream stream = new(aside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            SelectedRows.Write(DataFile.Open(settings.DataPath), kept, settings.Reading, stream, cancel);
        }

        File.Move(aside, file, overwrite: true);
    }
}
