namespace Goodhart.Pipeline;

/// <summary>Where result lines go, in order.</summary>
public interface ILines
{
    /// <summary>Whole lines that an earlier, interrupted run has left.</summary>
    int Count { get; }

    /// <summary>Those lines; to be read before anything is appended.</summary>
    IEnumerable<string> Earlier();

    /// <param name="lines">Without line ends.</param>
    void Append(params IReadOnlyCollection<string> lines);
}
