namespace Goodhart.Hub.Cards;

/// <summary>A licence as the hub's metadata have it.</summary>
/// <param name="Id">An identifier, or <c>other</c>.</param>
/// <param name="Name">Of an other one.</param>
/// <param name="Link">To its text.</param>
public sealed record CardLicense(string Id, string? Name = null, string? Link = null);
