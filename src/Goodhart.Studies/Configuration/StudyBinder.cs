using Goodhart.Alignment.Losses;

namespace Goodhart.Studies.Configuration;

/// <summary>From a study file's nodes to a <see cref="StudyDefinition"/>: keys, ranges, and what must fit together.</summary>
internal static class StudyBinder
{
    private static readonly string[] Worlds = ["tldr"];
    private static readonly string[] Losses = [.. LossCatalogue.All.Select(loss => loss.Name)];

    /// <exception cref="StudyFileException">Anything is wrong.</exception>
    public static StudyDefinition Bind(StudyDocument document)
    {
        MappingReader study = new(document, document.Root, "");
        StudyDefinition definition = new()
        {
            Name = study.Read("name", ValueRule.Name, ""),
            Description = study.Has("description") ? study.Read("description", ValueRule.AnyText, "") : "",
            World = study.Read("world", ValueRule.OneOf(Worlds), ""),
            Seed = study.Has("seed") ? study.Read("seed", ValueRule.Seed, 0UL) : 0,
            Models = study.Each("models", Model),
            Pretrain = study.Mapping("pretrain", Pretrain),
            Sft = study.Mapping("sft", Sft),
            Align = study.Mapping("align", Align),
            Evaluate = study.Mapping("evaluate", Evaluate),
            Seeds = study.List("seeds", ValueRule.Whole(0), 0),
            Keep = EnumNames<KeepPolicy>.Read(study, "keep"),
        };
        RequireKnownModels(study, definition);
        RequireUnique(study, "models", [.. definition.Models.Select(model => model.Name)]);
        RequireUnique(study, "seeds", definition.Seeds);
        study.Close();
        document.ThrowIfWrong();
        return definition;
    }

    private static StudyModel Model(MappingReader model)
    {
        StudyModel bound = new(
            model.Read("name", ValueRule.Name, ""),
            model.Whole("hiddenSize", min: 4),
            model.Whole("layers", min: 1),
            model.Whole("heads", min: 1),
            model.Read("pretrainLearningRate", ValueRule.AboveZero, 1));
        model.Require(
            bound.HiddenSize % bound.Heads == 0, "heads", $"expected a divisor of hiddenSize ({bound.HiddenSize}), found {bound.Heads}.");
        int headSize = bound.HiddenSize / bound.Heads;
        model.Require(
            headSize % 2 == 0 && headSize >= 4,
            "heads",
            $"expected heads of an even size, at least 4, found hiddenSize / heads = {headSize}: "
            + "rotary embedding turns pairs of dimensions.");
        return bound;
    }

    private static PretrainDefinition Pretrain(MappingReader pretrain)
    {
        PretrainDefinition bound = new(
            pretrain.Whole("examples", min: 1),
            pretrain.Whole("batchSize", min: 1),
            pretrain.Mapping("optimizer", OptimizerBinder.Bind),
            pretrain.Whole("warmupSteps", min: 0),
            pretrain.Read("clipNorm", ValueRule.AboveZero, 1),
            pretrain.Read("promptWeight", ValueRule.AtLeastZero, 1));
        RequireOneBatch(pretrain, bound.BatchSize, "examples", bound.Examples);
        return bound;
    }

    private static SftDefinition Sft(MappingReader sft)
    {
        SftDefinition bound = new(
            sft.Whole("examples", min: 1),
            sft.Whole("batchSize", min: 1),
            sft.Mapping("optimizer", OptimizerBinder.Bind),
            sft.Read("learningRate", ValueRule.AboveZero, 1),
            sft.Whole("warmupSteps", min: 0),
            sft.Read("clipNorm", ValueRule.AboveZero, 1),
            EnumNames<SftReduction>.Read(sft, "reduction"));
        RequireOneBatch(sft, bound.BatchSize, "examples", bound.Examples);
        return bound;
    }

    private static AlignDefinition Align(MappingReader align)
    {
        AlignDefinition bound = new(
            align.List("losses", ValueRule.OneOf(Losses), ""),
            align.List("betas", ValueRule.AboveZero, 1),
            align.List("checkpoints", ValueRule.Fraction, 1),
            align.Whole("pairs", min: 1),
            align.Whole("batchSize", min: 1),
            align.Mapping("optimizer", OptimizerBinder.Bind),
            align.Read("learningRate", ValueRule.AboveZero, 1),
            align.Whole("warmupSteps", min: 0),
            align.Read("clipNorm", ValueRule.AboveZero, 1))
        {
            Also = align.Has("also") ? align.Each("also", Also) : [],
        };
        RequireOneBatch(align, bound.BatchSize, "pairs", bound.Pairs);
        RequireUnique(align, "losses", bound.Losses);
        RequireUnique(align, "betas", bound.Betas);
        CheckpointRule.Check(align, bound);
        return bound;
    }

    private static AlsoDefinition Also(MappingReader also) => new()
    {
        Models = also.Has("models") ? also.List("models", ValueRule.Name, "") : null,
        Losses = also.Has("losses") ? also.List("losses", ValueRule.OneOf(Losses), "") : null,
        Betas = also.Has("betas") ? also.List("betas", ValueRule.AboveZero, 1) : null,
        Seeds = also.Has("seeds") ? also.List("seeds", ValueRule.Whole(0), 0) : null,
    };

    private static void RequireKnownModels(MappingReader study, StudyDefinition definition)
    {
        string[] names = [.. definition.Models.Select(model => model.Name)];
        string? stranger = definition.Align.Also.SelectMany(also => also.Models ?? []).FirstOrDefault(name => !names.Contains(name));
        study.Require(
            stranger is null, "models", $"align.also names the model {stranger}; there are {string.Join(", ", names)}.");
    }

    private static EvaluateDefinition Evaluate(MappingReader evaluate) => new(
        evaluate.Whole("prompts", min: 2),
        evaluate.Read("temperature", ValueRule.AboveZero, 1),
        evaluate.Whole("maxNewTokens", min: 1),
        evaluate.Whole("samplesPerPrompt", min: 1),
        evaluate.Whole("finalSamplesPerPrompt", min: 1),
        evaluate.Whole("heldOutPairs", min: 2));

    /// <summary>The last partial batch is dropped, so less than one batch trains nothing.</summary>
    private static void RequireOneBatch(MappingReader stage, int batchSize, string rows, int count) => stage.Require(
        batchSize <= count, "batchSize", $"expected at most {rows} ({count}), found {batchSize}.");

    private static void RequireUnique<T>(MappingReader reader, string key, IReadOnlyList<T> values)
    {
        T[] twice = [.. values.GroupBy(value => value).Where(group => group.Count() > 1).Select(group => group.Key)];
        reader.Require(
            twice.Length == 0, key, FormattableString.Invariant($"expected each once, found {twice.FirstOrDefault()} more than once."));
    }
}
