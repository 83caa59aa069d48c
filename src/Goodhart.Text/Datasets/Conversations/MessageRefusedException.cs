namespace Goodhart.Text.Datasets.Conversations;

/// <summary>A turn that a template has no place for.</summary>
/// <param name="problem">What was expected, what was found, what to do; without the turn's place.</param>
public sealed class MessageRefusedException(Message turn, string problem) : Exception(problem)
{
    public Message Turn { get; } = turn;
}
