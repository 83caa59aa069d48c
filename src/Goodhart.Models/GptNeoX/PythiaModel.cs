namespace Goodhart.Models.GptNeoX;

/// <summary>A model of EleutherAI's Pythia suite: what its model cards say of its shape.</summary>
/// <param name="Name">As in <c>EleutherAI/pythia-160m</c>; one shape serves the deduplicated model too.</param>
/// <param name="VocabSize">Rows of the embedding: the tokenizer's 50277 ids, padded.</param>
public sealed record PythiaModel(string Name, int Layers, int HiddenSize, int Heads, int VocabSize = 50304)
{
    private const string Owner = "EleutherAI/";

    private const string Deduplicated = "-deduped";

    /// <summary>The whole suite, smallest first.</summary>
    public static readonly IReadOnlyList<PythiaModel> All =
    [
        new("pythia-14m", 6, 128, 4),
        new("pythia-31m", 6, 256, 8),
        new("pythia-70m", 6, 512, 8),
        new("pythia-160m", 12, 768, 12),
        new("pythia-410m", 24, 1024, 16),
        new("pythia-1b", 16, 2048, 8),
        new("pythia-1.4b", 24, 2048, 16),
        new("pythia-2.8b", 32, 2560, 32),
        new("pythia-6.9b", 32, 4096, 32, VocabSize: 50432),
        new("pythia-12b", 36, 5120, 40, VocabSize: 50688),
    ];

    public ModelShape Shape => new GptNeoXConfig
    {
        VocabSize = VocabSize,
        HiddenSize = HiddenSize,
        Layers = Layers,
        Heads = Heads,
        IntermediateSize = 4 * HiddenSize,
    }.Shape;

    /// <summary>The model whose folder a path seems to mean, by its last part; null where that is no name of the suite.</summary>
    /// <returns>The model, and its repository: <c>EleutherAI/pythia-160m-deduped</c>.</returns>
    public static (PythiaModel Model, string Repository)? Named(string path)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        string size = name.EndsWith(Deduplicated, StringComparison.OrdinalIgnoreCase) ? name[..^Deduplicated.Length] : name;
        return All.FirstOrDefault(model => model.Name.Equals(size, StringComparison.OrdinalIgnoreCase)) is { } found
            ? (found, Owner + name.ToLowerInvariant())
            : null;
    }
}
