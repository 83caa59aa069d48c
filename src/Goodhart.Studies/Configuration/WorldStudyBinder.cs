using Goodhart.Evaluation.Points;
namespace Goodhart.Studies.Configuration;

/// <summary>The keys of a study in a synthetic world.</summary>
internal static class WorldStudyBinder
{
    private static readonly string[] Worlds = ["tldr"];

    public static WorldStudy Bind(MappingReader study, string name, string description) => new()
    {
        Name = name,
        Description = description,
        World = study.Read("world", ValueRule.OneOf(Worlds), ""),
        Seed = study.Has("seed") ? study.Read("seed", ValueRule.Seed, 0UL) : 0,
        Models = study.Each("models", Model),
        Pretrain = study.Mapping("pretrain", Pretrain),
        Sft = study.Mapping("sft", Sft),
        Align = study.Mapping("align", align => StudyBinder.Align(align, requiresPairs: true, RlhfMethods.All)),
        Rlhf = study.Has("rlhf") ? study.Mapping("rlhf", RlhfBinder.Bind) : null,
        Evaluate = study.Mapping("evaluate", StudyBinder.Evaluate),
        Seeds = study.List("seeds", ValueRule.Whole(0), 0),
        Keep = EnumNames<KeepPolicy>.Read(study, "keep"),
        Tree = study.Has("tree") && study.Read("tree", ValueRule.Flag, false),
    };

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
        StudyBinder.RequireOneBatch(pretrain, bound.BatchSize, "examples", bound.Examples);
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
        StudyBinder.RequireOneBatch(sft, bound.BatchSize, "examples", bound.Examples);
        return bound;
    }
}
