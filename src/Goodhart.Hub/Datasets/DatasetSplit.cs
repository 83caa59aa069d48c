namespace Goodhart.Hub.Datasets;

/// <summary>A part of a data set, and the files that have its rows.</summary>
/// <param name="Config">Of a data set that holds several; "default" of most.</param>
/// <param name="Files">With slashes, below the repository, in order.</param>
public sealed record DatasetSplit(string Config, string Name, IReadOnlyList<string> Files);
