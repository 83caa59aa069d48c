namespace Goodhart.Alignment.PolicyGradient;

/// <summary>A sampled response with its score: what a policy-gradient update learns from.</summary>
/// <param name="Item">Id of the prompt; episodes of one prompt stand side by side.</param>
/// <param name="Tokens">Response tokens, EOS included where it ended.</param>
/// <param name="Finished">Ended with EOS rather than at the length limit.</param>
/// <param name="Score">r(x, y) of the whole response, before any KL penalty.</param>
/// <param name="ReferenceLogProbs">log π_ref of each token, nats.</param>
public sealed record Episode(int Item, int[] Prompt, int[] Tokens, bool Finished, double Score, float[] ReferenceLogProbs);
