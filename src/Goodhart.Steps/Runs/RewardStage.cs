using System.Text.Json;
using Goodhart.Models;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Measuring;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Text.Data;

namespace Goodhart.Steps.Runs;

/// <summary>Reward models from a language model's folder and a file of preference pairs.</summary>
/// <remarks>One member is a run like any other; each of several is such a run in a folder of its own, <c>member-1</c> and so on.</remarks>
public static class RewardStage
{
    /// <exception cref="InvalidDataException">Model, data or folder cannot be used; nothing was started.</exception>
    /// <exception cref="StepFailedException">A step failed; running again resumes.</exception>
    public static async Task<RewardResult> RunAsync(RewardSettings settings, StageEnvironment environment, CancellationToken cancel)
    {
        RewardInput input = RewardInput.Open(settings, environment);
        environment.Tell(input.Part, input.Model);
        string directory = settings.Members == 1 ? environment.Directory : RunFolder.Claim(environment.Directory, "reward-ensemble");
        List<(TrainingResult Run, double[][]? Rewards)> members = [];
        for (int k = 0; k < settings.Members; k++)
        {
            TrainingSettings training = settings.Training with { Seed = settings.Training.Seed + (ulong)k };
            string folder = settings.Members == 1 ? directory : Path.Combine(directory, FormattableString.Invariant($"member-{k + 1}"));
            members.Add(await TrainAsync(input, training, environment with { Directory = folder }, cancel).ConfigureAwait(false));
        }

        RewardResult result = new(
            Path.GetFullPath(directory), [.. members.Select(member => member.Run.Model)], input.HasMargins,
            [.. members.Select(member => member.Run)],
            Qualities(members));
        if (settings.Members > 1)
        {
            RunFolder.WriteRecord(directory, new
            {
                stage = "reward-ensemble",
                environment.Version,
                members = members.Select(member => Path.GetRelativePath(directory, member.Run.Directory)),
                training = RunRecord.Of(settings.Training, members[0].Run.Updates),
            });
        }

        if (result.HeldOut.Count > 0)
        {
            AtomicFile.WriteAllText(
                Path.Combine(directory, "evaluation.json"), JsonSerializer.Serialize(result.HeldOut, RecordJson.Options) + "\n");
            RewardPage.Write(result, directory);
        }

        return result;
    }

    /// <summary>What <see cref="RunAsync"/> would do and the memory it would take; runs and writes nothing.</summary>
    /// <exception cref="InvalidDataException">Model or data cannot be used.</exception>
    public static StagePlan Plan(RewardSettings settings, StageEnvironment environment, DeviceMemory memory)
    {
        TrainingSettings training = settings.Training;
        RewardInput input = RewardInput.Open(settings, environment);
        RowPass pass = input.Rows.Source.Open();
        TokenizedPair[] pairs = [.. pass.Pairs(input.Rows.Selection)];
        TokenizedData data = pass.Account(pairs.Length);
        int total = TrainingRun.TotalSteps(training, data);
        SegmentSize size = TrainingRun.Size(input.Model.Config, training.Recipe, data, responses: 2, input.Part.OfAdapter);
        TrainingRehearsal rehearsal = new(input.Model.Config, training.Recipe, training.Seed, total);
        return new StagePlan("reward", data, total, settings.Members * total * size.FlopsPerUpdate, MemoryPlan.Of(
            environment.Choice(input.Part, memory), choice => rehearsal.Rewards(choice, pairs),
            pairs.Max(pair => pair.Prompt.Length + pair.Chosen.Length + pair.Rejected.Length), input.Part.Adapter is not null));
    }

    private static RewardQuality[] Qualities(List<(TrainingResult Run, double[][]? Rewards)> members)
    {
        double[][][] rewards = [.. members.Select(member => member.Rewards).OfType<double[][]>()];
        RewardQuality[] each = [.. rewards.Select((own, k) => RewardQuality.Of(members.Count == 1 ? "model" : $"member-{k + 1}", own))];
        return rewards.Length < 2 ? each : [.. each, RewardQuality.Of("mean of members", RewardQuality.Mean(rewards))];
    }

    private static async Task<(TrainingResult Run, double[][]? Rewards)> TrainAsync(
        RewardInput input, TrainingSettings training, StageEnvironment environment, CancellationToken cancel)
    {
        using StageRun run = new(environment, "reward");
        TokenizedData data = await run.Runner.RunAsync(input.Rows, cancel).ConfigureAwait(false);
        TokenizedData? heldOutData = input.HeldOut is null
            ? null
            : await PairInputs.TokenizeAsync(run.Runner, input.HeldOut, cancel).ConfigureAwait(false);
        int total = TrainingRun.TotalSteps(training, data);
        IReadOnlyList<RewardSegment> segments = training.Checkpoints.Cut(new RewardSegment
        {
            Model = new NamedFolder(input.Model.Folder),
            Lora = input.Part.New,
            Rows = input.Rows,
            Recipe = training.Recipe,
            Seed = training.Seed,
            End = total,
            TotalSteps = total,
            RowBudget = environment.RowBudget,
            Size = TrainingRun.Size(input.Model.Config, training.Recipe, data, responses: 2, input.Part.OfAdapter),
        });
        HeldOutReward[] evaluations = heldOutData is null
            ? []
            : Evaluations(input, segments, heldOutData, environment.RowBudget, (double)training.Epochs / total);
        await TrainingRun.RunAsync(run, segments, evaluations, cancel).ConfigureAwait(false);
        IReadOnlyList<string> checkpoints = TrainingRun.Publish(run, segments);
        RunFolder.WriteRecord(run.Directory, new
        {
            stage = "reward",
            environment.Version,
            device = RunRecord.Of(run.Device),
            model = RunRecord.Of(input.Model),
            adapter = input.Part.Record,
            data = RunRecord.Of(input.Rows, input.Shape, data),
            margins = input.HasMargins,
            heldOut = heldOutData is null ? null : RunRecord.Of(input.HeldOut!, input.HeldOutShape!, heldOutData),
            training = RunRecord.Of(training, total),
            checkpoints,
        });
        TrainingResult result = new(
            run.Directory, Path.Combine(run.Directory, "model"), checkpoints, data, total, run.Runner.Read(segments[^1]).Log[^1],
            evaluations.Length == 0 ? null : run.Runner.Read(evaluations[^1]), run.Runner.Executed);
        RunCard.Write(result, environment);
        return (result, evaluations.Length == 0 ? null : HeldOutReward.Read(run.Runner.DirectoryOf(evaluations[^1])));
    }

    private static HeldOutReward[] Evaluations(
        RewardInput input, IReadOnlyList<RewardSegment> segments, TokenizedData data, int rowBudget, double epochsPerUpdate) =>
    [
        .. segments.Where(segment => segment.KeepsWeights).Select(segment => new HeldOutReward
        {
            Model = new StoredModel(segment),
            ModelName = segment.Label,
            Update = segment.End,
            Rows = input.HeldOut!,
            Epoch = segment.End * epochsPerUpdate,
            RowBudget = rowBudget,
            Cost = data.Rows * TrainingRun.CostPerRow(input.Model.Config.Shape, data, responses: 2),
        }),
    ];

    /// <summary>What all members share, checked before anything runs.</summary>
    private sealed record RewardInput(
        ModelInput Model, TrainedPart Part, TokenizePairs Rows, string Shape, bool HasMargins, TokenizePairs? HeldOut, string? HeldOutShape)
    {
        public static RewardInput Open(RewardSettings settings, StageEnvironment environment)
        {
            TrainingSettings training = settings.Training;
            training.Checkpoints.Validate();
            ModelInput model = environment.Open(training.ModelPath);
            model.Require(OutputHead.Language);
            TokenizerFiles tokenizer = TokenizerFiles.Of(training.ModelPath, training.Data.Chat, environment.Note);
            training = training.For(tokenizer.Open(), environment.Note, model);
            TokenizePairs rows = new() { Source = PairData(training.Data).Source(training.DataPath, tokenizer) };
            string shape = PairInputs.RequirePairs(rows.File);
            TokenizePairs? heldOut = settings.HeldOutPath is { } path
                ? new() { Source = HeldOutData(training.Data).Source(path, tokenizer) }
                : null;
            return new RewardInput(
                model, TrainedPart.Of(model, training.Lora, OutputHead.Score), rows, shape, rows.File.OpenData().HaveMargins(), heldOut,
                heldOut is null ? null : PairInputs.RequirePairs(heldOut.File));
        }

        /// <summary>A row whose margin is no number is a bad row here, and passed over where such rows are.</summary>
        private static StageData PairData(StageData data) => data with { Reading = data.Reading with { NeedsMargins = true } };

        /// <summary>Held-out pairs need no margin, whatever the training file calls its own.</summary>
        private static StageData HeldOutData(StageData data) => data with
        {
            Reading = data.Reading with { Columns = data.Reading.Columns.Without("margin") },
        };
    }
}
