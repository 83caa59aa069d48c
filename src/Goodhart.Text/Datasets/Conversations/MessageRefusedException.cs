namespace Goodhart.Text.Datasets.Conversations;

/// <summary>A turn that a template has no place for.</summary>
/// <param name="problem">What was expected, what was found, what to do; without the turn's place.</param>
/// <param name="name">The turn's field that is at fault; null: the turn.</param>
public sealed class MessageRefusedException(Message turn, string problem, string? name = null) : Exception(problem)
{
    /// <summary>Turn or field, as it is found in the row.</summary>
    public string Place => name is null ? Turn.Place : $"{Turn.Place}.{name}";

    public Message Turn { get; } = turn;

    /// <summary>What to do where the row ends the reading; null: nothing but to mend it.</summary>
    public string? Advice { get; init; }
}
