using Goodhart.Studies.Stages.Data;
using Goodhart.Studies.Stages.Measuring;
using Goodhart.Studies.Stages.Stopping;
using Goodhart.Studies.Stages.Training;

namespace Goodhart.Studies.Stages.Running;

/// <summary>Direct alignment of a Hugging Face folder on a file of preference pairs.</summary>
public static class AlignStage
{
    /// <exception cref="InvalidDataException">Models, data or folder cannot be used; nothing was started.</exception>
    /// <exception cref="Pipeline.StepFailedException">A step failed; running again resumes.</exception>
    public static async Task<TrainingResult> RunAsync(AlignSettings settings, StageEnvironment environment, CancellationToken cancel)
    {
        TrainingSettings training = settings.Training;
        training.Checkpoints.Validate();
        ModelInput model = ModelInput.Open(training.ModelPath);
        ModelInput reference = ModelInput.Open(settings.ReferencePath);
        model.RequireSameVocabulary(reference);
        TokenizerFiles tokenizer = TokenizerFiles.Of(training.ModelPath);
        model.Require(tokenizer.Open(), training.Data.Budget);
        reference.Require(tokenizer.Open(), training.Data.Budget);
        TokenizePairs rows = new() { Source = training.Data.Source(training.DataPath, tokenizer) };
        string shape = PairFile.RequirePairs(rows.Source);
        TokenizePairs? heldOutRows = settings.HeldOutPath is { } path ? new() { Source = training.Data.Source(path, tokenizer) } : null;
        string? heldOutShape = heldOutRows is null ? null : PairFile.RequirePairs(heldOutRows.Source);
        PeakInputs? peak = settings.Peak is null ? null : PeakInputs.Check(settings, settings.Peak, model, reference, tokenizer);

        using StageRun run = new(environment, "align");
        TokenizedData data = await run.Runner.RunAsync(rows, cancel).ConfigureAwait(false);
        TokenizedData? heldOutData = heldOutRows is null ? null : await PairFile.TokenizeAsync(run.Runner, heldOutRows, cancel).ConfigureAwait(false);
        int total = TrainingRun.TotalSteps(training, data);

        ReferenceScores scores = PairFile.Scores(reference, rows, data, environment.RowBudget);
        IReadOnlyList<PreferenceSegment> planned = Segments(
            settings, environment.RowBudget, model, scores, total, TrainingRun.Size(model, training.Recipe, data, responses: 2));
        HeldOutScore[] evaluations = heldOutRows is null || heldOutData is null
            ? []
            : Evaluations(planned, PairFile.Scores(reference, heldOutRows, heldOutData, environment.RowBudget), (double)training.Epochs / total);
        PeakWatch? watch = peak is null ? null : new PeakWatch(peak, total);
        IReadOnlyList<TrainingSegment> segments = planned;
        if (watch is null)
        {
            await TrainingRun.RunAsync(run, planned, evaluations, cancel).ConfigureAwait(false);
        }
        else
        {
            segments = await watch.RunAsync(run, planned, evaluations, environment.RowBudget, cancel).ConfigureAwait(false);
        }

        PeakRecord? stop = watch?.Record();
        IReadOnlyList<string> checkpoints = TrainingRun.Publish(run, segments, stop?.Best.Step);
        RunFolder.WriteRecord(run.Directory, new
        {
            stage = "align",
            environment.Version,
            device = RunRecord.Of(run.Device),
            model = RunRecord.Of(model),
            reference = RunRecord.Of(reference),
            loss = RunRecord.Of(settings.Loss),
            data = RunRecord.Of(rows, shape, data),
            heldOut = heldOutRows is null || heldOutData is null ? null : RunRecord.Of(heldOutRows, heldOutShape!, heldOutData),
            training = RunRecord.Of(training, total),
            checkpoints,
            stop,
        });
        return new TrainingResult(
            run.Directory, Path.Combine(run.Directory, "model"), checkpoints, data, segments[^1].End,
            run.Runner.Read(segments[^1]).Log[^1],
            evaluations.LastOrDefault(score => score.Policy.End <= segments[^1].End) is { } last ? run.Runner.Read(last) : null,
            run.Runner.Executed)
        {
            Stop = stop,
        };
    }

    private static List<PreferenceSegment> Segments(
        AlignSettings settings, int rowBudget, ModelInput model, ReferenceScores reference, int total, SegmentSize size)
    {
        List<PreferenceSegment> segments = [];
        foreach ((int end, bool isCheckpoint) in settings.Training.Checkpoints.Ends(total))
        {
            segments.Add(new PreferenceSegment
            {
                Model = new ModelFolder(model.Folder),
                Loss = settings.Loss,
                Rows = reference.Rows,
                Reference = reference,
                Recipe = settings.Training.Recipe,
                Seed = settings.Training.Seed,
                End = end,
                Previous = segments.LastOrDefault(),
                KeepsWeights = isCheckpoint,
                TotalSteps = total,
                ScheduledSteps = settings.Training.Recipe.LearningRate.DependsOnLength ? total : null,
                RowBudget = rowBudget,
                Size = size,
            });
        }

        return segments;
    }

    private static HeldOutScore[] Evaluations(IReadOnlyList<PreferenceSegment> segments, ReferenceScores heldOut, double epochsPerUpdate) =>
    [
        .. segments.Where(segment => segment.KeepsWeights).Select(
            segment => new HeldOutScore { Policy = segment, Rows = heldOut.Rows, HeldOut = heldOut, Epoch = segment.End * epochsPerUpdate }),
    ];
}
