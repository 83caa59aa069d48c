namespace Goodhart.Alignment.Training;

/// <summary>The learning rate at update s = 0, 1, ...</summary>
public abstract record LearningRateSchedule
{
    /// <summary>Short, for options and records.</summary>
    public abstract string Name { get; }

    /// <summary>Whether an update's rate depends on how many follow it.</summary>
    public virtual bool DependsOnLength => true;

    public required double Peak { get; init; }

    /// <summary>Multiplies the rate by min(1, (s + 1)/(W + 1)): the reference code's rule.</summary>
    public int WarmupSteps { get; init; }

    public double At(int step, int totalSteps) => Peak * Math.Min(1, (step + 1.0) / (WarmupSteps + 1)) * Shape(step, totalSteps);

    protected abstract double Shape(int step, int totalSteps);
}

/// <summary>Constant after the warm-up.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    public override string Name => "constant";

    public override bool DependsOnLength => false;

    protected override double Shape(int step, int totalSteps) => 1;
}

/// <summary>Falls in a straight line, to zero after the last update.</summary>
public sealed record LinearSchedule : LearningRateSchedule
{
    public override string Name => "linear";

    protected override double Shape(int step, int totalSteps) => 1 - ((double)step / totalSteps);
}

/// <summary>Falls along half a cosine to <see cref="Floor"/> times the peak.</summary>
public sealed record CosineSchedule : LearningRateSchedule
{
    public override string Name => "cosine";

    public double Floor { get; init; } = 0.1;

    protected override double Shape(int step, int totalSteps) =>
        Floor + ((1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * step / totalSteps)));
}
