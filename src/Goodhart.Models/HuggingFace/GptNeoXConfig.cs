namespace Goodhart.Models.HuggingFace;

/// <summary>The shape and constants of a GPT-NeoX language model: what <c>config.json</c> says of it.</summary>
/// <remarks>
/// Defaults are those of transformers' configuration class where a file may leave a key out. Dropout keys have no place here:
/// policies are trained without dropout. A value that was not read from a file is checked by <see cref="Validate"/>.
/// </remarks>
public sealed record GptNeoXConfig
{
    public const string ModelType = "gpt_neox";

    /// <summary>What reads the final hidden states.</summary>
    public OutputHead Head { get; init; } = OutputHead.Language;

    /// <summary>Rows of the embedding, padding rows included; all of them take part in the softmax.</summary>
    public required int VocabSize { get; init; }

    public required int HiddenSize { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    /// <summary>Width of the feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Longest sequence the model was made for, in tokens.</summary>
    public int MaxPositions { get; init; } = 2048;

    /// <summary>Share of each head's dimensions that rotate.</summary>
    public double RotaryFraction { get; init; } = 0.25;

    /// <summary>Base of the rotary angles' geometric series.</summary>
    public double RotaryBase { get; init; } = 10000;

    /// <summary>Added to the variance, inside the root.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>x + attn(ln1(x)) + mlp(ln2(x)) when true; y = x + attn(ln1(x)), y + mlp(ln2(y)) when false.</summary>
    public bool ParallelResidual { get; init; } = true;

    /// <summary>The head is the embedding: the files hold no <c>embed_out.weight</c>.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Do the attention's two linear layers have biases?</summary>
    public bool AttentionBias { get; init; } = true;

    /// <summary>Standard deviation of fresh weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    public int? BosTokenId { get; init; } = 0;

    /// <summary>Pythia's is 0; the class default in transformers is 2, so a file that leaves it out means 2.</summary>
    public int? EosTokenId { get; init; } = 2;

    public int? PadTokenId { get; init; }

    /// <summary>Dimensions per head.</summary>
    public int HeadSize => HiddenSize / Heads;

    /// <summary>Dimensions per head that rotate: the first ones, j paired with j + half.</summary>
    public int RotaryDims => (int)(HeadSize * RotaryFraction);

    /// <returns>This configuration.</returns>
    /// <param name="source">Named in the message, usually the file.</param>
    /// <exception cref="InvalidDataException">A value that no such model can have; the message names its key in config.json.</exception>
    public GptNeoXConfig Validate(string source)
    {
        Positive("vocab_size", VocabSize);
        Positive("hidden_size", HiddenSize);
        Positive("num_hidden_layers", Layers);
        Positive("num_attention_heads", Heads);
        Positive("intermediate_size", IntermediateSize);
        Positive("max_position_embeddings", MaxPositions);
        Require(HiddenSize % Heads == 0, "hidden_size", $"a multiple of num_attention_heads ({Heads})", HiddenSize);
        Require(RotaryFraction is > 0 and <= 1, "rotary_pct", "a share in (0, 1]", RotaryFraction);
        Require(
            RotaryDims >= 2 && RotaryDims % 2 == 0,
            "rotary_pct",
            $"an even number of rotating dimensions, at least 2, of the {HeadSize} per head",
            FormattableString.Invariant($"{RotaryFraction}, that is {RotaryDims}"));
        Require(Head == OutputHead.Language || !TiedEmbeddings, "tie_word_embeddings", "false for a model with one score", TiedEmbeddings);
        Require(RotaryBase > 0 && double.IsFinite(RotaryBase), "rotary_emb_base", "a finite number > 0", RotaryBase);
        Require(LayerNormEpsilon > 0 && double.IsFinite(LayerNormEpsilon), "layer_norm_eps", "a finite number > 0", LayerNormEpsilon);
        Require(
            InitializerRange >= 0 && double.IsFinite(InitializerRange), "initializer_range", "a finite number >= 0", InitializerRange);
        Token("bos_token_id", BosTokenId);
        Token("eos_token_id", EosTokenId);
        Token("pad_token_id", PadTokenId);
        return this;

        void Positive(string key, int value) => Require(value > 0, key, "a whole number > 0", value);

        void Token(string key, int? id) => Require(
            id is null || (id >= 0 && id < VocabSize), key, $"null or a token id below vocab_size ({VocabSize})", id ?? 0);

        void Require(bool condition, string key, string expected, object found)
        {
            if (!condition)
            {
                throw new InvalidDataException(FormattableString.Invariant($"{source}: {key}: expected {expected}, found {found}."));
            }
        }
    }
}
