namespace Goodhart.Studies.Configuration;

/// <summary>
/// The keys of supervised training. A world has no end, so its studies say how many examples there are; data are gone through in epochs.
/// </summary>
internal static class SftBinder
{
    public static PretrainDefinition Pretrain(MappingReader pretrain, bool ofWorld)
    {
        (int? examples, int epochs) = Length(pretrain, ofWorld);
        PretrainDefinition bound = new(
            examples,
            epochs,
            pretrain.Whole("batchSize", min: 1),
            pretrain.Mapping("optimizer", OptimizerBinder.Bind),
            pretrain.Whole("warmupSteps", min: 0),
            pretrain.Read("clipNorm", ValueRule.AboveZero, 1),
            pretrain.Read("promptWeight", ValueRule.AtLeastZero, 1));
        RequireOneBatch(pretrain, bound.BatchSize, examples);
        return bound;
    }

    public static SftDefinition Sft(MappingReader sft, bool ofWorld)
    {
        (int? examples, int epochs) = Length(sft, ofWorld);
        SftDefinition bound = new(
            examples,
            epochs,
            sft.Whole("batchSize", min: 1),
            sft.Mapping("optimizer", OptimizerBinder.Bind),
            sft.Read("learningRate", ValueRule.AboveZero, 1),
            sft.Whole("warmupSteps", min: 0),
            sft.Read("clipNorm", ValueRule.AboveZero, 1),
            EnumNames<SftReduction>.Read(sft, "reduction"));
        RequireOneBatch(sft, bound.BatchSize, examples);
        return bound;
    }

    private static (int? Examples, int Epochs) Length(MappingReader stage, bool ofWorld) =>
        ofWorld ? (stage.Whole("examples", min: 1), 1) : (null, stage.Whole("epochs", min: 1));

    private static void RequireOneBatch(MappingReader stage, int batchSize, int? examples)
    {
        if (examples is { } count)
        {
            StudyBinder.RequireOneBatch(stage, batchSize, "examples", count);
        }
    }
}
