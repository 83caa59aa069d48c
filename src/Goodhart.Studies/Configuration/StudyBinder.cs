using Goodhart.Alignment.Losses;
using Goodhart.Alignment.Remedies;
using Goodhart.Evaluation.Points;

namespace Goodhart.Studies.Configuration;

/// <summary>From a study file's nodes to a <see cref="StudyDefinition"/>: keys, ranges, and what must fit together.</summary>
internal static class StudyBinder
{
    private static readonly string[] Losses = [.. LossCatalogue.OnPairs.Select(loss => loss.Name)];

    private static readonly string[] ParameterNames =
        [
            .. LossCatalogue.OnPairs.SelectMany(loss => loss.Parameters.Select(parameter => parameter.Name))
                .Distinct().Order(StringComparer.Ordinal),
        ];

    private static readonly string[] Worlds = ["tldr"];

    /// <exception cref="StudyFileException">Anything is wrong.</exception>
    public static StudyDefinition Bind(StudyDocument document)
    {
        MappingReader study = new(document, document.Root, "");
        string name = study.Read("name", ValueRule.Name, "");
        string description = study.Has("description") ? study.Read("description", ValueRule.AnyText, "") : "";
        bool ofWorld = study.Has("world");
        bool ofData = study.Has("data");
        study.Require(!ofData || !ofWorld, "data", "a study has a world or data of its own, not both: leave one out.");
        if (ofData && ofWorld)
        {
            // Whichever was meant, every key of the other would be a mistake too.
            document.ThrowIfWrong();
        }

        StudyDefinition definition = Bind(study, name, description, ofWorld: !ofData);
        RequireKnownModels(study, definition);
        RequireRlhf(study, definition);
        ConfirmBinder.Require(study, definition);
        RequireUnique(study, "models", [.. definition.Models.Select(model => model.Name)]);
        RequireUnique(study, "seeds", definition.Seeds);
        DataBinder.RequireUsed(study, definition);
        study.Close();
        document.ThrowIfWrong();
        return definition;
    }

    private static StudyDefinition Bind(MappingReader study, string name, string description, bool ofWorld)
    {
        string? world = ofWorld ? study.Read("world", ValueRule.OneOf(Worlds), "") : null;
        ulong seed = study.Has("seed") ? study.Read("seed", ValueRule.Seed, 0UL) : 0;
        bool pretrained = study.Has("models") & study.Has("pretrain") | ofWorld;
        IReadOnlyList<ModelDefinition> models = study.Each("models", model => ModelBinder.Bind(model, ofWorld, pretrained));
        return new StudyDefinition
        {
            Name = name,
            Description = description,
            World = world,
            Labeller = ofWorld && study.Has("labeller") ? study.Mapping("labeller", LabellerBinder.Bind) : null,
            Data = ofWorld ? null : study.Mapping("data", DataBinder.Bind),
            Seed = seed,
            Models = models,
            Pretrain = study.Has("pretrain") || (ofWorld && models.OfType<SizedModel>().Any())
                ? study.Mapping("pretrain", pretrain => SftBinder.Pretrain(pretrain, ofWorld))
                : null,
            Sft = study.Says("sft", "none") ? null : study.Mapping("sft", sft => SftBinder.Sft(sft, ofWorld)),
            Align = study.Mapping("align", align => Align(align, requiresPairs: ofWorld, RlhfMethods.All)),
            Rlhf = study.Has("rlhf") ? study.Mapping("rlhf", RlhfBinder.Bind) : null,
            Evaluate = study.Mapping("evaluate", Evaluate),
            Judge = study.Has("judge") && !study.Says("judge", "none")
                ? study.Mapping("judge", judge => JudgeBinder.Bind(judge, ofWorld ? seed : null))
                : ofWorld && !study.Has("judge") ? new GoldJudgeDefinition(seed) : null,
            Seeds = study.List("seeds", ValueRule.Whole(0), 0),
            Keep = EnumNames<KeepPolicy>.Read(study, "keep"),
            Tree = study.Has("tree") && study.Read("tree", ValueRule.Flag, false),
            Slurm = study.Has("slurm") ? study.Mapping("slurm", SlurmBinder.Bind) : new Dictionary<string, string>(),
        };
    }

    /// <param name="requiresPairs">Where nothing else says how long an epoch is.</param>
    /// <param name="methods">Names that may stand among the losses and are none.</param>
    private static AlignDefinition Align(MappingReader align, bool requiresPairs, params IReadOnlyList<string> methods)
    {
        string[] names = [.. Losses, .. methods];
        IReadOnlyList<string> losses = align.List("losses", LossNames(names), "");
        IReadOnlyList<double> betas = align.List("betas", ValueRule.AboveZero, 1);
        bool listed = align.Has("checkpoints");
        bool every = align.Has("checkpointEvery");
        AlignDefinition bound = new(
            losses,
            betas,
            listed || !every ? align.List("checkpoints", ValueRule.Fraction, 1) : [],
            requiresPairs || align.Has("pairs") ? align.Whole("pairs", min: 1) : null,
            align.Whole("batchSize", min: 1),
            align.Mapping("optimizer", OptimizerBinder.Bind),
            align.Read("learningRate", ValueRule.AboveZero, 1),
            align.Whole("warmupSteps", min: 0),
            align.Read("clipNorm", ValueRule.AboveZero, 1))
        {
            CheckpointEvery = every ? align.Whole("checkpointEvery", min: 1) : null,
            Lora = align.Has("lora") ? align.Mapping("lora", LoraDefinition.Bind) : null,
            Remedies = Remedies(align),
            Also = align.Has("also") ? align.Each("also", also => Also(also, names)) : [],
        };
        align.Require(!listed || !every, "checkpointEvery", "checkpoints are given already; leave one of the two out.");
        if (bound.Pairs is { } pairs)
        {
            RequireOneBatch(align, bound.BatchSize, "pairs", pairs);
        }

        string? single = bound.Also.SelectMany(also => also.Losses ?? [])
            .Concat(bound.Losses).FirstOrDefault(name => !names.Contains(name));
        align.Require(
            single is null, "losses",
            $"{single} trains on single responses with labels, and a study has pairs: {KtoPairLoss.Entry.Name} is KTO on pairs, `goodhart "
                + $"align` takes {single}.");
        RequireUnique(align, "losses", bound.Losses);
        RequireUnique(align, "betas", bound.Betas);
        CheckpointRule.Check(align, bound);
        return bound;
    }

    private static EvaluateDefinition Evaluate(MappingReader evaluate) => new(
        evaluate.Whole("prompts", min: 2),
        evaluate.Read("temperature", ValueRule.AboveZero, 1),
        evaluate.Whole("maxNewTokens", min: 1),
        evaluate.Whole("samplesPerPrompt", min: 1),
        evaluate.Whole("finalSamplesPerPrompt", min: 1),
        evaluate.Whole("heldOutPairs", min: 2))
    {
        HiddenSimilarity = evaluate.Has("hiddenSimilarity") && evaluate.Read("hiddenSimilarity", ValueRule.Flag, false),
        Confirm = evaluate.Has("confirm") ? evaluate.Mapping("confirm", ConfirmBinder.Bind) : null,
    };

    /// <summary>The last partial batch is dropped, so less than one batch trains nothing.</summary>
    public static void RequireOneBatch(MappingReader stage, int batchSize, string rows, int count) => stage.Require(
        batchSize <= count, "batchSize", $"expected at most {rows} ({count}), found {batchSize}.");

    /// <summary>Reads the losses that take no pairs too, for an error that says so.</summary>
    private static ValueRule<string> LossNames(string[] names)
    {
        ValueRule<string> rule = ValueRule.OneOf([.. names, .. LossCatalogue.All.Where(loss => !loss.IsOnPairs).Select(loss => loss.Name)]);
        return rule with { Expected = ValueRule.OneOf(names).Expected, Names = names };
    }

    private static AlsoDefinition Also(MappingReader also, string[] names) => new()
    {
        Models = also.Has("models") ? also.List("models", ValueRule.Name, "") : null,
        Losses = also.Has("losses") ? also.List("losses", LossNames(names), "") : null,
        Betas = also.Has("betas") ? also.List("betas", ValueRule.AboveZero, 1) : null,
        Seeds = also.Has("seeds") ? also.List("seeds", ValueRule.Whole(0), 0) : null,
        Remedies = Remedies(also),
        Parameters = also.Has("parameters") ? also.Mapping("parameters", LossParameters) : null,
    };

    /// <summary>In a list: each is one run more of every loss on pairs. The word none: not even those of the study's own grid.</summary>
    private static IReadOnlyList<string>? Remedies(MappingReader grid)
    {
        IReadOnlyList<string>? remedies = grid.Says("remedies", "none") ? []
            : grid.Has("remedies") ? grid.List("remedies", ValueRule.AnyText, "") : null;
        foreach (string text in remedies ?? [])
        {
            Try(grid, "remedies", () => RemedySyntax.ReadAll(text));
        }

        RequireUnique(grid, "remedies", remedies ?? []);
        return remedies;
    }

    private static void Try(MappingReader reader, string key, Action create)
    {
        try
        {
            create();
        }
        catch (ArgumentException e)
        {
            reader.Require(false, key, e.Message);
        }
    }

    private static Dictionary<string, double> LossParameters(MappingReader parameters) => ParameterNames
        .Where(parameters.Has).ToDictionary(name => name, name => parameters.Read(name, ValueRule.AnyNumber, 0));

    private static void RequireRlhf(MappingReader study, StudyDefinition definition)
    {
        string? method = definition.Align.Also.SelectMany(also => also.Losses ?? []).Concat(definition.Align.Losses)
            .FirstOrDefault(name => RlhfMethods.Contains(name));
        study.Require(
            method is null || definition.Rlhf is not null,
            "align",
            $"{method} needs the key 'rlhf': how its reward model and its policy are trained.");
    }

    private static void RequireKnownModels(MappingReader study, StudyDefinition definition)
    {
        string[] names = [.. definition.Models.Select(model => model.Name)];
        string? stranger = definition.Align.Also.SelectMany(also => also.Models ?? []).FirstOrDefault(name => !names.Contains(name));
        study.Require(
            stranger is null, "models", $"align.also names the model {stranger}; there are {string.Join(", ", names)}.");
    }

    private static void RequireUnique<T>(MappingReader reader, string key, IReadOnlyList<T> values)
    {
        T[] twice = [.. values.GroupBy(value => value).Where(group => group.Count() > 1).Select(group => group.Key)];
        reader.Require(
            twice.Length == 0, key, FormattableString.Invariant($"expected each once, found {twice.FirstOrDefault()} more than once."));
    }
}
