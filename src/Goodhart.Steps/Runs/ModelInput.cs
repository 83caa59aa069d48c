using System.Globalization;
using Goodhart.Models;
using Goodhart.Models.Adapters;
using Goodhart.Pipeline;
using Goodhart.Steps.Folders;
using Goodhart.Steps.Rows;
using Goodhart.Text.Tokenizers;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Runs;

/// <summary>A model folder that the user names, opened once to see that it can be used, before anything runs.</summary>
public sealed class ModelInput
{
    private ModelInput(ModelFolder folder)
    {
        Folder = ModelFiles.Input(folder.Path);
        Lora = folder.Lora;
        Config = folder.Config;
    }

    public InputFolder Folder { get; }

    public ModelConfig Config { get; }

    /// <summary>What the folder's adapter is; null where it is a model of its own.</summary>
    public LoraConfig? Lora { get; }

    /// <summary>The folder with its tokenizer.</summary>
    public string TokenizerFolder => ModelFolder.TokenizerOf(Folder.Path);

    /// <param name="told">As <see cref="ModelFolder.Open"/> has it.</param>
    /// <exception cref="DirectoryNotFoundException">No such folder.</exception>
    /// <exception cref="InvalidDataException">A file is broken or unsupported.</exception>
    public static ModelInput Open(string path, Action<string>? told)
    {
        if (!Directory.Exists(path))
        {
            throw MissingModel.At(path);
        }

        using ModelFolder folder = ModelFolder.Open(path, told);
        return new ModelInput(folder);
    }

    /// <summary>Checks that a tokenizer's ids and a row of the longest length fit the model.</summary>
    /// <exception cref="InvalidDataException">They do not.</exception>
    public void Require(ITokenizer tokenizer, LengthBudget budget)
    {
        if (tokenizer.VocabularySize > Config.VocabSize)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Folder.Path}: the tokenizer has {tokenizer.VocabularySize} ids, the model only {Config.VocabSize}: it belongs to "
                    + $"another model."));
        }

        if (budget.MaxTokens > Config.MaxPositions)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"{Folder.Path}: --max-tokens {budget.MaxTokens} exceeds the model's {Config.MaxPositions} positions: lower it."));
        }
    }

    /// <summary>Checks that the model reads a source's rows.</summary>
    /// <exception cref="InvalidDataException">It does not.</exception>
    public void Require(RowSource rows)
    {
        ITokenizer tokenizer = rows.OpenTokenizer();
        Require(tokenizer, new LengthBudget(rows.LongestRow));
        if (!IsTokenizedBy(tokenizer))
        {
            throw new InvalidDataException($"{Folder.Path}: its tokenizer is not that of {rows.Name}: it would read other words.");
        }
    }

    /// <summary>Whether the folder has a tokenizer with the same tokens.</summary>
    public bool IsTokenizedBy(ITokenizer tokenizer) =>
        File.Exists(Path.Combine(TokenizerFolder, "tokenizer.json")) && Differences(TokenizerFile.Open(TokenizerFolder), tokenizer) == 0;

    /// <summary>Number of ids that stand for something else.</summary>
    public static int Differences(ITokenizer own, ITokenizer other) =>
        Enumerable.Range(0, Math.Min(own.VocabularySize, other.VocabularySize)).Count(id => own.TokenOf(id) != other.TokenOf(id))
        + Math.Abs(own.VocabularySize - other.VocabularySize) + (own.EosId == other.EosId ? 0 : 1);

    /// <summary>Checks which kind of model it is.</summary>
    /// <exception cref="InvalidDataException">The other kind.</exception>
    public void Require(OutputHead head)
    {
        if (Config.Head != head)
        {
            throw new InvalidDataException(
                $"{Folder.Path}: expected {Kind(head)}, found {Kind(Config.Head)} (architectures in config.json)."
                + (head == OutputHead.Score ? " `goodhart reward` makes one." : ""));
        }

        string Kind(OutputHead kind) => kind == OutputHead.Score
            ? $"a reward model ({Config.ClassName(kind)}, one label)"
            : $"a language model ({Config.ClassName(kind)})";
    }

    /// <summary>Checks that two models can be compared token by token.</summary>
    /// <exception cref="InvalidDataException">They cannot.</exception>
    public void RequireSameVocabulary(ModelInput reference)
    {
        if (Config.VocabSize != reference.Config.VocabSize)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Folder.Path} has a vocabulary of {Config.VocabSize} tokens, the reference {reference.Folder.Path} one of "
                    + $"{reference.Config.VocabSize}: policy and reference must share one."));
        }
    }
}
