namespace Goodhart.Studies.Verification;

/// <summary>What to verify, and on what.</summary>
public sealed record VerificationOptions
{
    /// <summary>A Hugging Face folder.</summary>
    public required string Model { get; init; }

    /// <summary>Another model with the same vocabulary; null: only the model against itself.</summary>
    public string? Reference { get; init; }

    /// <summary>A file of preference pairs; null: rows of random tokens.</summary>
    public string? Data { get; init; }

    /// <summary>Pairs at most.</summary>
    public int Pairs { get; init; } = 4;

    /// <summary>Of the random rows and the sampled responses.</summary>
    public ulong Seed { get; init; }

    public int Threads { get; init; } = 1;
}
