using Goodhart.Models.Safetensors;

namespace Goodhart.Models;

/// <summary>How a model folder is written.</summary>
public sealed record SaveOptions
{
    /// <summary>F32, or BF16 or F16 (rounded to nearest, ties to even).</summary>
    public StorageType Type { get; init; } = StorageType.F32;

    /// <summary>Weights beyond this many bytes are cut into shards.</summary>
    public long ShardBytes { get; init; } = CheckpointWriter.DefaultShardBytes;

    /// <summary>
    /// The folder the model came from: its tokenizer files, generation_config.json and the further keys of its config.json are
    /// carried along. Null: nothing is.
    /// </summary>
    public string? CarryFrom { get; init; }

    /// <summary>Where the tokenizer's files are, if not in <see cref="CarryFrom"/>.</summary>
    public string? TokenizerFrom { get; init; }

    /// <summary>A folder that moves as a whole: an adapter in it names a base in it by the way from one to the other. Null: by its full
    /// path.</summary>
    public string? MovesWith { get; init; }

    /// <summary>Other texts to stand beside the model, by file name: where it comes from, for example.</summary>
    public IReadOnlyDictionary<string, string> OtherFiles { get; init; } = new Dictionary<string, string>();
}
