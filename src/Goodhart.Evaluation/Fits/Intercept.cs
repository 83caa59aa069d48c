namespace Goodhart.Evaluation.Fits;

/// <summary>R₀, a law's value at d = 0.</summary>
public abstract record Intercept
{
    /// <summary>Its name in results.json.</summary>
    public abstract string Name { get; }
}

/// <summary>R₀ is the SFT model's win rate: the policy at d = 0 is that model. An anchor, not a fitted row.</summary>
public sealed record SftIntercept(double WinRate) : Intercept
{
    public override string Name => "sft";
}

/// <summary>R₀ is a coefficient like the others.</summary>
public sealed record FreeIntercept : Intercept
{
    public override string Name => "free";
}

/// <summary>R₀ = 0, as Eq. (5) is printed. Win rates start well above zero, so it fits them badly.</summary>
public sealed record NoIntercept : Intercept
{
    public override string Name => "none";
}
