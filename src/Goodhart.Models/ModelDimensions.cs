namespace Goodhart.Models;

/// <summary>What has to be said of a model to be trained from scratch; the rest follows from its architecture's customs.</summary>
public sealed record ModelDimensions
{
    public required int HiddenSize { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int VocabSize { get; init; }

    public required int MaxPositions { get; init; }

    public int? BosTokenId { get; init; }

    public int? EosTokenId { get; init; }

    public int? PadTokenId { get; init; }
}
