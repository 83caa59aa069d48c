namespace Goodhart.Text.Datasets.Conversations;

/// <summary>A turn that a template has no place for.</summary>
/// <param name="problem">What was expected, what was found, what to do; without the turn's place.</param>
/// <param name="field">The turn's field that is at fault; null: the turn.</param>
public sealed class MessageRefusedException(Message turn, string problem, string? field = null) : Exception(problem)
{
    /// <summary>Turn or field, as it is found in the row.</summary>
    public string Place => field is null ? Turn.Place : $"{Turn.Place}.{field}";

    public Message Turn { get; } = turn;
}
