namespace Goodhart.Studies.Configuration;

/// <summary>A study file, a preset's name or a <c>--set</c> is wrong. The message lists every mistake found, one line each.</summary>
public sealed class StudyFileException(IReadOnlyList<string> mistakes) : Exception(string.Join('\n', mistakes))
{
    public StudyFileException(string mistake)
        : this([mistake])
    {
    }

    /// <summary>Each with its place: <c>file:line:column: what was expected, what was found</c>.</summary>
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
