namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>What a failed request means for the others.</summary>
internal enum FailureKind
{
    /// <summary>Try again.</summary>
    Transient,

    /// <summary>This request will never be answered; others may.</summary>
    Refused,

    /// <summary>No request will be answered: a wrong key, address or model.</summary>
    Fatal,
}

/// <summary>A request without a usable reply.</summary>
internal sealed class EndpointException(FailureKind kind, string message) : Exception(message)
{
    public FailureKind Kind { get; } = kind;

    /// <summary>Whether the endpoint may have worked for it all the same, so that it counts as paid: no error status came.</summary>
    public bool MayBePaid { get; init; }

    /// <summary>As the endpoint asks.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
