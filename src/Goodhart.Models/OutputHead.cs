namespace Goodhart.Models;

/// <summary>What stands on a model's trunk.</summary>
public enum OutputHead
{
    /// <summary>Logits over the vocabulary: transformers' ...ForCausalLM.</summary>
    Language,

    /// <summary>One number: ...ForSequenceClassification with one label, which is how reward and value models are stored.</summary>
    Score,
}
