namespace Goodhart.Steps.Measuring;

/// <summary>Why a response ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it.</summary>
    Eos,

    /// <summary>It reached the length limit.</summary>
    Length,
}

/// <summary>A sampled response as a line of the output; <c>score</c> reads it back.</summary>
/// <param name="Row">The prompt's place in its file, from 0.</param>
/// <param name="Prompt">Null where the prompts are token ids.</param>
/// <param name="Response">The text without EOS; null for a model without a tokenizer.</param>
/// <param name="ResponseIds">EOS included where the model drew it.</param>
/// <param name="LogProb">log π(y|x) in nats, under the sampling distribution (temperature applied).</param>
public sealed record SampledResponse(
    int Row, int Sample, string? Prompt, string? Response, double LogProb, FinishReason FinishReason, int[] PromptIds, int[] ResponseIds);
