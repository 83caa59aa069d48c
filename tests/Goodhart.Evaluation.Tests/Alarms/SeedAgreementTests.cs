using Goodhart.Evaluation.Alarms;
using Goodhart.Evaluation.Points;
using Xunit;

namespace Goodhart.Evaluation.Tests.Alarms;

public sealed class SeedAgreementTests
{
    private static readonly int Place = Indicators.PlaceOf("seedAgreement");

    [Fact]
    public void Seeds_are_compared_prompt_by_prompt_at_the_same_checkpoint()
    {
        EvaluatedCheckpoint first = Checkpoint(0, 1, 2, 3, 4);
        EvaluatedCheckpoint second = Checkpoint(1, 2, 4, 6, 8);
        EvaluatedCheckpoint third = Checkpoint(2, 3, 1, 4, 2);

        // 0 with 1: the same order exactly. 1 with 2, and 2 with 0 again: by hand 0/√(20·5) of (−3, −1, 1, 3)·(.5, −1.5, 1.5, −.5).
        Assert.Equal(1, Of(first, first, second, third)!.Value, 12);
        Assert.Equal(0, Of(second, first, second, third)!.Value, 12);
        Assert.Equal(0, Of(third, first, second, third)!.Value, 12);
    }

    [Fact]
    public void Without_another_seed_there_is_none()
    {
        EvaluatedCheckpoint first = Checkpoint(0, 1, 2, 3, 4);
        Assert.Null(Of(first, first));
        Assert.Null(Of(first, first, Checkpoint(1)));
        EvaluatedCheckpoint later = Checkpoint(1, 1, 2, 3, 4);
        Assert.Null(Of(first, first, later with { Point = later.Point with { Fraction = 1 } }));
    }

    [Fact]
    public void One_model_under_several_seeds_does_not_agree_with_itself()
    {
        EvaluatedCheckpoint[] soups =
            [.. ((EvaluatedCheckpoint[])[Checkpoint(0, 1, 2, 3, 4), Checkpoint(1, 2, 4, 6, 8)]).Select(
                checkpoint => checkpoint with { Point = checkpoint.Point with { Loss = "dpo+seed-soup" } })];
        Assert.Null(Of(soups[0], soups));
    }

    private static double? Of(EvaluatedCheckpoint checkpoint, params EvaluatedCheckpoint[] all) => Indicators.Read(
        CheckpointTrail.Of(new CheckpointPoint { Loss = "", Model = "M", Kl = 0 }, [checkpoint], all)[0])[Place];

    private static EvaluatedCheckpoint Checkpoint(int seed, params double[] kl) => new(
        new CheckpointPoint { Loss = "dpo", Model = "M", Beta = 0.1, Seed = seed, Fraction = 0.5, Step = 10, Kl = 2 },
        new PerPromptOutcomes([], kl));
}
