using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Text.Tokenizers;

namespace Goodhart.Steps.Training;

/// <summary>A model of random weights as a Hugging Face folder, to train from scratch.</summary>
/// <param name="Vocabulary">Rows of the embedding; null: as many as the tokenizer has ids.</param>
public sealed record NewModel(int HiddenSize, int Layers, int Heads, int MaxPositions, int? Vocabulary, ulong Seed)
{
    /// <summary>Name of its architecture; null: the default one.</summary>
    public string? Architecture { get; init; }

    /// <summary>Writes the folder, the tokenizer's files in it.</summary>
    /// <returns>Number of parameters.</returns>
    /// <exception cref="InvalidDataException">Sizes that no such model can have, or the folder holds something already.</exception>
    public long Write(IDevice device, string tokenizerFolder, string path)
    {
        MissingModel.RefuseAbsentName(tokenizerFolder);
        return Write(device, TokenizerFile.Open(tokenizerFolder), path);
    }

    /// <inheritdoc cref="Write(IDevice, string, string)"/>
    public long Write(IDevice device, ITokenizer tokenizer, string path)
    {
        using LanguageModel model = Config(tokenizer).Create(device, training: false);
        WeightInitializer.Initialize(model, Seed);
        ModelFolder.Save(model, path);
        tokenizer.Save(path);
        return model.Parameters.Count;
    }

    /// <exception cref="InvalidDataException">Sizes that no such model can have.</exception>
    public ModelConfig Config(ITokenizer tokenizer)
    {
        int vocabulary = Vocabulary ?? tokenizer.VocabularySize;
        if (vocabulary < tokenizer.VocabularySize)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"--vocabulary {vocabulary}: expected at least the tokenizer's {tokenizer.VocabularySize} ids."));
        }

        Models.Architecture architecture = Architecture is { } name ? Models.Architecture.Named(name) : Models.Architecture.Default;
        return architecture.Create(new ModelDimensions
        {
            VocabSize = vocabulary,
            HiddenSize = HiddenSize,
            Layers = Layers,
            Heads = Heads,
            MaxPositions = MaxPositions,
            BosTokenId = tokenizer.BosId,
            EosTokenId = tokenizer.EosId,
            PadTokenId = tokenizer.PadId,
        });
    }
}
