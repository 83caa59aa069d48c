using System.Globalization;
using Goodhart.Evaluation.Rewards;
using Goodhart.Models;
using Goodhart.Models.Sampling;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Planning;
using Goodhart.Steps.Publishing;
using Goodhart.Steps.Rows;
using Goodhart.Steps.Training;
using Goodhart.Text;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Runs;

/// <summary>Classical RLHF of a Hugging Face folder against reward models: PPO or RLOO.</summary>
public static class PolicyStage
{
    /// <exception cref="InvalidDataException">Models, data or folder cannot be used; nothing was started.</exception>
    /// <exception cref="Pipeline.StepFailedException">A step failed; running again resumes.</exception>
    public static async Task<TrainingResult> RunAsync(PolicySettings settings, StageEnvironment environment, CancellationToken cancel)
    {
        (ModelInput model, ModelInput[] rewards, ModelInput[] gold, RewardEnsemble ensemble, TokenizePrompts prompts, PolicyMethod method,
            TrainedPart part) = Input.Open(settings, environment);
        environment.Tell(part, model);
        using StageRun run = new(environment, method.Name);
        TokenizedData data = await run.Runner.RunAsync(prompts, cancel).ConfigureAwait(false);
        RequirePrompts(settings, method, data);
        RewardLevels levels = Levels(rewards);
        RewardUse reward = new([.. levels.Members], levels, ensemble);
        RewardLevels? goldLevels = gold.Length == 0 ? null : Levels(gold);
        RewardUse? measure = goldLevels is null ? null : new([.. goldLevels.Members], goldLevels, new MeanEnsemble());
        IReadOnlyList<RolloutSegment> segments = settings.Checkpoints.Cut(new RolloutSegment
        {
            Model = new NamedFolder(model.Folder),
            Lora = part.New,
            Method = method,
            Prompts = prompts,
            Reward = reward,
            Gold = measure,
            PromptsPerCollection = settings.PromptsPerCollection,
            SamplesPerPrompt = settings.SamplesPerPrompt,
            MaxNewTokens = settings.MaxNewTokens,
            Recipe = settings.Recipe,
            Seed = settings.Seed,
            End = settings.Collections,
            TotalSteps = settings.Collections,
            RowBudget = environment.RowBudget,
            Size = RolloutSize.Of(
                model.Config, method, settings.Recipe, reward.Members.Count + (measure?.Members.Count ?? 0), data,
                settings.PromptsPerCollection, settings.SamplesPerPrompt, settings.MaxNewTokens, part.OfAdapter),
        });
        IReadOnlyList<MetricRow> log = await TrainingRun.RunAsync(run, segments, [], cancel).ConfigureAwait(false);
        IReadOnlyList<string> checkpoints = TrainingRun.Publish(run, segments);
        RunFolder.WriteRecord(run.Directory, new
        {
            stage = method.Name,
            environment.Version,
            device = RunRecord.Of(run.Device),
            model = RunRecord.Of(model),
            adapter = part.Record,
            rewards = rewards.Select(reward => RunRecord.Of(reward)),
            rewardLevels = run.Runner.Read(levels),
            gold = gold.Length == 0 ? null : gold.Select(reward => RunRecord.Of(reward)),
            goldLevels = goldLevels is null ? null : run.Runner.Read(goldLevels),
            settings.Normalization,
            ensemble = ensemble.ToString(),
            prompts = RunRecord.Of(prompts, "prompts", data),
            method = (object)method.Options,
            valueStart = (method as PpoMethod)?.ValueStart?.Folder.Path,
            kl = (object)method.Options.Kl,
            settings.Recipe.Optimizer,
            learningRate = settings.Recipe.LearningRate.Peak,
            lrSchedule = settings.Recipe.LearningRate.Name,
            settings.Recipe.LearningRate.WarmupSteps,
            settings.Recipe.ClipNorm,
            settings.Collections,
            settings.PromptsPerCollection,
            settings.SamplesPerPrompt,
            settings.MaxNewTokens,
            settings.Seed,
            checkpoints,
        });
        TrainingResult result = new(
            run.Directory, Path.Combine(run.Directory, "model"), checkpoints, data, settings.Collections, log[^1], null,
            run.Runner.Executed)
        {
            AtCheckpoints = [.. segments.Where(segment => segment.KeepsWeights).Select(segment => log[segment.End - 1])],
        };
        RunCard.Write(result, environment);
        PolicyPage.Write(result, method, log);
        return result;

        RewardLevels Levels(ModelInput[] members) => new()
        {
            Members = [.. members.Select(member => new NamedFolder(member.Folder))],
            Normalization = settings.Normalization,
            Sft = new NamedFolder(model.Folder),
            Prompts = prompts,
            MaxNewTokens = settings.MaxNewTokens,
            Seed = settings.Seed,
            RowBudget = environment.RowBudget,
        };
    }

    /// <summary>What <see cref="RunAsync"/> would do and the memory it would take; runs and writes nothing.</summary>
    /// <exception cref="InvalidDataException">Models or data cannot be used.</exception>
    public static StagePlan Plan(PolicySettings settings, StageEnvironment environment, DeviceMemory memory)
    {
        Input input = Input.Open(settings, environment);
        RowPass pass = input.Prompts.Source.Open();
        SamplingPrompt[] prompts = [.. pass.Prompts().Select(row => new SamplingPrompt(row.Id, row.Prompt))];
        TokenizedData data = pass.Account(prompts.Length);
        RequirePrompts(settings, input.Method, data);
        SegmentSize size = RolloutSize.Of(
            input.Model.Config, input.Method, settings.Recipe, input.Rewards.Length + input.Gold.Length, data,
            settings.PromptsPerCollection, settings.SamplesPerPrompt, settings.MaxNewTokens, input.Part.OfAdapter);
        RolloutRehearsal rehearsal = new(
            input.Model.Config, input.Method is PpoMethod { ValueStart: not null } ? input.Rewards[0].Config : null,
            [.. input.Rewards.Concat(input.Gold).Select(reward => reward.Config)], input.Method.Options, settings.Seed);
        DataOrder order = new(prompts.Length, settings.PromptsPerCollection, settings.Seed);
        SamplingPrompt[][] collections =
        [
            .. Enumerable.Range(0, settings.Collections).Select(collection => order.Batch(collection).Select(row => prompts[row]).ToArray())
                .OrderByDescending(collection => collection.Sum(prompt => prompt.Tokens.Length)),
        ];
        int longest = prompts.Max(prompt => prompt.Tokens.Length) + (settings.SamplesPerPrompt * (settings.MaxNewTokens - 1));
        return new StagePlan(
            input.Method.Name, data, settings.Collections, settings.Collections * size.FlopsPerUpdate, MemoryPlan.Of(
            environment.Choice(input.Part, memory),
                choice => rehearsal.Of(choice, collections, settings.SamplesPerPrompt, settings.MaxNewTokens), longest,
                input.Part.Adapter is not null));
    }

    /// <summary>What the user names, opened and found to fit together.</summary>
    private sealed record Input(
        ModelInput Model, ModelInput[] Rewards, ModelInput[] Gold, RewardEnsemble Ensemble, TokenizePrompts Prompts, PolicyMethod Method,
        TrainedPart Part)
    {
        public static Input Open(PolicySettings settings, StageEnvironment environment)
        {
            settings.Checkpoints.Validate();
            settings.Checkpoints.Ends(settings.Collections);
            ModelInput model = environment.Open(settings.ModelPath);
            model.Require(OutputHead.Language);
            ModelInput[] rewards = [.. settings.Rewards.SelectMany(RewardFolders.Of).Select(environment.Open)];
            ModelInput[] gold = [.. settings.Gold.SelectMany(RewardFolders.Of).Select(environment.Open)];
            TokenizerFiles tokenizer = TokenizerFiles.Of(
                settings.ModelPath, settings.Chat, [settings.ModelPath, .. rewards.Concat(gold).Select(reward => reward.Folder.Path)],
                environment.Note);
            Array.ForEach([.. rewards, .. gold], reward => RequireReward(reward, model.Config, model.Folder.Path, tokenizer.Open()));
            RequireUnseen(gold, rewards);
            RewardEnsemble ensemble = EnsembleOf(settings, rewards.Length);
            TokenizePrompts prompts = PromptFile.LeavingRoom(
                settings.PromptsPath, settings.Reading, tokenizer,
                ((ModelInput[])[model, .. rewards, .. gold]).Min(input => input.Config.MaxPositions),
                settings.MaxPromptTokens, settings.MaxNewTokens);
            PromptFile.Check(prompts.File);
            PolicyMethod method = settings.Method(new NamedFolder(rewards[0].Folder));
            return new Input(model, rewards, gold, ensemble, prompts, method, TrainedPart.Of(model, settings.Lora));
        }
    }

    /// <summary>A measure that is optimized is none.</summary>
    private static void RequireUnseen(ModelInput[] gold, ModelInput[] rewards)
    {
        foreach (ModelInput measure in gold)
        {
            if (Array.Find(rewards, reward => reward.Folder.Sha256 == measure.Folder.Sha256) is { } same)
            {
                throw new InvalidDataException(
                    $"--gold {measure.Folder.Path}: is the same model as {same.Folder.Path} of --reward, so the policy is trained on it. "
                        + "Give one it never sees.");
            }
        }
    }

    private static RewardEnsemble EnsembleOf(PolicySettings settings, int members) => (settings.Ensemble, members) switch
    {
        (null, _) => new MeanEnsemble(),
        (_, 1) => throw new InvalidDataException($"--ensemble needs several reward models, found one: {settings.Rewards[0]}."),
        ({ } ensemble, _) => ensemble,
    };

    /// <summary>A reward model reads the policy's own tokens.</summary>
    /// <exception cref="InvalidDataException">It cannot.</exception>
    /// <param name="place">Of the model, for messages.</param>
    public static void RequireReward(ModelInput reward, ModelConfig model, string place, ITokenizer tokenizer)
    {
        reward.Require(OutputHead.Score);
        if (reward.Config.VocabSize != model.VocabSize)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{reward.Folder.Path} has a vocabulary of {reward.Config.VocabSize} tokens, {place} one of {model.VocabSize}: policy and "
                    + $"reward must share one."));
        }

        if (!File.Exists(Path.Combine(reward.TokenizerFolder, "tokenizer.json")))
        {
            return;   // then there is nothing to compare; the vocabularies' sizes agree
        }

        if (ModelInput.Differences(TokenizerFile.Open(reward.TokenizerFolder), tokenizer) is > 0 and var different)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{reward.Folder.Path}: its tokenizer is not that of {place} ({Quantity.Of(different, "token")} "
                    + $"{Quantity.Noun(different, "differs", "differ")}): the reward would read other words than the policy writes."));
        }
    }

    private static void RequirePrompts(PolicySettings settings, PolicyMethod method, TokenizedData data)
    {
        if (data.Rows < settings.PromptsPerCollection)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.PromptsPath}: {Quantity.Of(data.Rows, "prompt")} that can be used, fewer than --prompts-per-collection "
                    + $"{settings.PromptsPerCollection}."));
        }

        if (settings.PromptsPerCollection < method.Options.MiniBatches)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"--mini-batches {method.Options.MiniBatches}: each needs a prompt, and --prompts-per-collection is "
                    + $"{settings.PromptsPerCollection}."));
        }

        if (method is RlooMethod && settings.SamplesPerPrompt < 2)
        {
            throw new InvalidDataException("--method rloo: the baseline is a prompt's other samples, so --samples is 2 or more.");
        }
    }
}
