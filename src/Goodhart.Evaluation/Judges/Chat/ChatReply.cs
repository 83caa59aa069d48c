namespace Goodhart.Evaluation.Judges.Chat;

/// <summary>What the endpoint sent.</summary>
/// <param name="Model">Null where it does not say.</param>
/// <param name="FinishReason">"stop", "length", ...</param>
/// <param name="InputTokens">As the endpoint counts; null where it does not.</param>
internal sealed record ChatReply(string Text, string? Model, string? FinishReason, long? InputTokens, long? OutputTokens);
