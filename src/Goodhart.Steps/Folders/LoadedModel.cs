using System.Diagnostics;
using Goodhart.Engine;
using Goodhart.Models;
using Goodhart.Text.Tokenizers;
using Goodhart.Text.Truncation;

namespace Goodhart.Steps.Folders;

/// <summary>A Hugging Face folder opened for a command: weights on a device, and the tokenizer where the folder has one.</summary>
public sealed class LoadedModel : IDisposable
{
    private const string TokenizerFileName = "tokenizer.json";

    private LoadedModel(ModelFolder folder, LanguageModel model, ITokenizer? tokenizer, int eosId, TimeSpan loading)
    {
        string path = folder.Path;
        Loading = loading;
        Path = path;
        Model = model;
        Tokenizer = tokenizer;
        EosId = eosId;
    }

    public string Path { get; }

    /// <summary>How long reading the folder took.</summary>
    public TimeSpan Loading { get; }

    public LanguageModel Model { get; }

    /// <summary>Null: prompts and responses are given as token ids.</summary>
    public ITokenizer? Tokenizer { get; }

    /// <summary>The token that ends a response: the tokenizer's, else the one in config.json.</summary>
    public int EosId { get; }

    /// <param name="told">As <see cref="ModelFolder.Open"/> has it.</param>
    /// <exception cref="FileNotFoundException">No folder, config.json or weights.</exception>
    /// <exception cref="InvalidDataException">A broken file, a tokenizer of another model, or nothing says how responses end.</exception>
    /// <exception cref="TokenizerException">A broken or unsupported tokenizer.json.</exception>
    public static LoadedModel Open(IDevice device, string path, Action<string>? told)
    {
        RequireFolder(path);
        long clock = Stopwatch.GetTimestamp();

        // The tokenizer first: it is small, and its errors should not wait for the weights.
        string words = ModelFolder.TokenizerOf(path);
        ITokenizer? tokenizer = File.Exists(System.IO.Path.Combine(words, TokenizerFileName)) ? TokenizerFile.Open(words) : null;
        using ModelFolder folder = ModelFolder.Open(path, told);
        LanguageModel model = folder.Load(device, training: false);
        try
        {
            return new LoadedModel(folder, model, tokenizer, Eos(path, model, tokenizer), Stopwatch.GetElapsedTime(clock));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <exception cref="DirectoryNotFoundException">There is none; the message says where models come from.</exception>
    public static void RequireFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            throw MissingModel.At(path);
        }
    }

    /// <summary>The one with fewer positions: what fits it fits both.</summary>
    public static LoadedModel Narrower(LoadedModel first, LoadedModel second) =>
        first.Model.MaxPositions <= second.Model.MaxPositions ? first : second;

    /// <summary>A prompt's ids: the text's, after the tokenizer's BOS where it has one.</summary>
    public int[] EncodePrompt(string text) => new PromptEncoder(Required).Encode(text);

    /// <summary>The same of a text that has every special token that belongs in it.</summary>
    public int[] EncodeCompletePrompt(string text) => new PromptEncoder(Required) { TextsAreComplete = true }.Encode(text);

    public int[] EncodeResponse(string text) => Required.Encode(text);

    public void Dispose() => Model.Dispose();

    private ITokenizer Required => Tokenizer
        ?? throw new TokenizerException(
            $"{Path} has no {TokenizerFileName}, so it cannot read text: put the tokenizer there, or give token ids");

    private static int Eos(string path, LanguageModel model, ITokenizer? tokenizer)
    {
        if (tokenizer is not null && tokenizer.VocabularySize > model.VocabularySize)
        {
            throw new InvalidDataException(
                $"{path}: the model has {model.VocabularySize} tokens and its {TokenizerFileName} {tokenizer.VocabularySize}; "
                + "expected a tokenizer with at most as many. It belongs to another model.");
        }

        return tokenizer?.EosId ?? model.Config.EosTokenId ?? throw new InvalidDataException(
            $"{path}: expected eos_token_id in config.json or a {TokenizerFileName}, found neither, so nothing says how a response ends.");
    }
}
