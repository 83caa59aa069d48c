namespace Goodhart.Hub.Cards;

/// <summary>A heading and a table of two columns under it.</summary>
/// <param name="Lead">A sentence above the table; null: none.</param>
public sealed record CardSection(string Heading, IReadOnlyList<(string Name, string Value)> Rows, string? Lead = null);
