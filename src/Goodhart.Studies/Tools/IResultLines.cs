namespace Goodhart.Studies.Tools;

/// <summary>Where a command's result lines go. An item is what is worked on at once: it yields a fixed number of lines.</summary>
public interface IResultLines
{
    /// <summary>Items that an earlier, interrupted run of the same command has left.</summary>
    int Done { get; }

    /// <summary>Their lines, in order.</summary>
    IEnumerable<string> Earlier();

    /// <summary>Adds whole items and makes sure of them.</summary>
    void Append(IEnumerable<string> lines);

    /// <summary>All items are there.</summary>
    void Complete();
}

/// <summary>How far a command is.</summary>
public readonly record struct WorkDone(int Done, int Total);
