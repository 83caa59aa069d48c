namespace Goodhart.Models.HuggingFace;

/// <summary>Checks of a configuration's values; a message names source, key, what was expected and found.</summary>
internal sealed class ConfigChecks(string source)
{
    /// <summary>What every architecture asks.</summary>
    public void Common(ModelConfig config)
    {
        Positive("vocab_size", config.VocabSize);
        Positive("hidden_size", config.HiddenSize);
        Positive("num_hidden_layers", config.Layers);
        Positive("num_attention_heads", config.Heads);
        Positive("intermediate_size", config.IntermediateSize);
        Positive("max_position_embeddings", config.MaxPositions);
        Require(
            config.Head == OutputHead.Language || !config.TiedEmbeddings, "tie_word_embeddings", "false for a model with one score",
            config.TiedEmbeddings);
        Require(
            config.InitializerRange >= 0 && double.IsFinite(config.InitializerRange), "initializer_range", "a finite number >= 0",
            config.InitializerRange);
        Token("bos_token_id", config.BosTokenId);
        Token("eos_token_id", config.EosTokenId);
        foreach (int id in config.FurtherEosTokenIds)
        {
            Token("eos_token_id", id);
        }

        Token("pad_token_id", config.PadTokenId);

        void Token(string key, int? id) => Require(
            id is null || (id >= 0 && id < config.VocabSize), key, $"null or a token id below vocab_size ({config.VocabSize})", id ?? 0);
    }

    public void Positive(string key, int value) => Require(value > 0, key, "a whole number > 0", value);

    public void PositiveNumber(string key, double value) => Require(value > 0 && double.IsFinite(value), key, "a finite number > 0", value);

    /// <exception cref="InvalidDataException">The condition does not hold.</exception>
    public void Require(bool condition, string key, string expected, object found)
    {
        if (!condition)
        {
            throw new InvalidDataException(FormattableString.Invariant($"{source}: {key}: expected {expected}, found {found}."));
        }
    }
}
