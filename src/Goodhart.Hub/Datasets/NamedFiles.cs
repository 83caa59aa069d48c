namespace Goodhart.Hub.Datasets;

/// <summary>Files that a README names.</summary>
/// <param name="Split">Null: their own names say.</param>
/// <param name="Pattern">A path with wildcards.</param>
internal sealed record NamedFiles(string Config, string? Split, string Pattern);
