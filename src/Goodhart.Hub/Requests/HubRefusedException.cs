namespace Goodhart.Hub.Requests;

/// <summary>
/// The hub would not give what was asked for, and asking again changes nothing: a name, a token or a permission is missing.
/// </summary>
public sealed class HubRefusedException(string message) : IOException(message);
