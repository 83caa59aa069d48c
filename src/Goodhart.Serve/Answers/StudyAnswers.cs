using System.Text.Json;
using Goodhart.Evaluation.Points;
using Goodhart.Serve.Watching;
using Goodhart.Studies.Configuration;
using Goodhart.Studies.Running;

namespace Goodhart.Serve.Answers;

/// <summary>Makes answers about a watched study. Safe for threads.</summary>
internal sealed class StudyAnswers(StudyWatch watch, string directory, TimeProvider time)
{
    private readonly LawCurves laws = new();
    private (DateTime Written, StudyDefinition? Study) definition;

    /// <summary>What is newer than <paramref name="seen"/>; everything for null.</summary>
    public (StudyAnswer Answer, StudyMoment Moment) Since(StudyMoment? seen) => watch.Look(folder => Of(folder.Fold, seen));

    private (StudyAnswer, StudyMoment) Of(StudyFold fold, StudyMoment? seen)
    {
        StudyMoment moment = StudyMoment.Of(fold);
        long since = seen is { } known && known.Generation == moment.Generation ? known.Version : -1;
        WatchedStep[] all = [.. fold.Steps.Where(fold.Includes)];
        WatchedStep[] changed = [.. all.Where(step => step.Changed > since)];
        Dictionary<string, int> places = all.ToDictionary(step => step.Key, step => step.Index, StringComparer.Ordinal);
        bool hasNewPoints = since < 0 || changed.Any(step => step.Point is not null);
        return (new StudyAnswer(
            Moment.Write(watch.Instance, moment),
            since < 0,
            Head(all),
            RunRows.Of(fold, all, time.GetUtcNow()),
            [.. changed.Select(step => Row(step, places))],
            [.. changed.Where(step => step.Point is not null).Select(Point)],
            hasNewPoints ? laws.Of([.. all.Select(step => step.Point).OfType<CheckpointPoint>()]) : null), moment);
    }

    private StudyHead Head(WatchedStep[] steps)
    {
        StudyDefinition? study = Definition();
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(directory));
        return new StudyHead(
            study?.Name ?? name,
            study?.Description ?? "",
            name,
            study?.Judge switch { null => null, GoldJudgeDefinition => "gold reward", _ => "judge" },
            study?.Models.Select(model => model.Name).ToArray()
                ?? [.. steps.Select(step => step.Point?.Model).OfType<string>().Distinct()],
            StudyFiles.Present(directory));
    }

    private StudyDefinition? Definition()
    {
        string path = Path.Combine(directory, StudyRun.StudyFileName);
        DateTime written = File.GetLastWriteTimeUtc(path);
        if (written != definition.Written)
        {
            try
            {
                definition = (written, File.Exists(path) ? StudyJson.Read(File.ReadAllText(path)) : null);
            }
            catch (Exception cause) when (cause is JsonException or IOException)
            {
                definition = (written, null);   // of another version; the steps say enough
            }
        }

        return definition.Study;
    }

    private static StepRow Row(WatchedStep step, Dictionary<string, int> places)
    {
        bool isRunning = step.State is WatchedState.Running or WatchedState.Lost;
        return new StepRow(
            step.Index,
            step.Key,
            step.Name,
            step.Label,
            JsonNamingPolicy.CamelCase.ConvertName(step.State.ToString()),
            [.. step.Inputs.Where(places.ContainsKey).Select(key => places[key])],
            Digits.Of(step.Cost),
            Digits.Of(step.Seconds),
            isRunning ? step.Started : null,
            isRunning ? Digits.Of(step.Fraction) : null,
            isRunning ? step.Text : null,
            step.Error,
            isRunning ? step.Metrics?.ToDictionary(metric => metric.Key, metric => Digits.Of(metric.Value)) : null,
            step.Point is null ? step.About : null);
    }

    private static PointRow Point(WatchedStep step)
    {
        CheckpointPoint point = step.Point!;
        return new PointRow(
            step.Index,
            point.Model,
            point.Loss,
            point.Beta,
            point.Seed,
            point.Fraction,
            point.Step,
            point.BestOf,
            Digits.Of(point.SqrtKl) ?? 0,
            Digits.Of(point.Kl),
            Digits.Of(point.KlSe),
            Digits.Of(point.WinRate),
            Digits.Of(point.WinRateSe),
            Digits.Of(point.GoldReward),
            Digits.Of(point.GoldRewardSe),
            Digits.Of(point.Length),
            Digits.Of(point.LengthSe),
            Digits.Of(point.LossValue),
            Digits.Of(point.Margin),
            Digits.Of(point.Accuracy),
            Digits.Of(point.EosRate));
    }
}
