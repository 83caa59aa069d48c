using Goodhart.Text.Tokenizers.Bpe;

namespace Goodhart.Text.Tokenizers;

/// <summary>Opens a Hugging Face <c>tokenizer.json</c> of the kinds that are known here.</summary>
public static class TokenizerFile
{
    /// <summary>
    /// The tokenizer of a model folder: byte-level BPE (GPT-2, GPT-NeoX and Pythia, Llama 3 and Qwen style), BPE of characters (Llama 2,
    /// Mistral and Gemma style) or word-level. Its end-of-text
    /// token comes from <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> or the model's generation settings beside it.
    /// </summary>
    /// <param name="path">A folder that holds a <c>tokenizer.json</c>, or such a file.</param>
    /// <exception cref="TokenizerException">A missing or malformed file, or a tokenizer that is not supported.</exception>
    public static ITokenizer Open(string path)
    {
        TokenizerFolder folder = TokenizerFolder.Open(path);
        return folder.Read<ITokenizer>(root =>
        {
            JsonField model = root["model"];
            return ModelKind(model) switch
            {
                "BPE" => new BpeReader(folder, root).Read(),
                "WordLevel" => WordLevelReader.Read(root, folder),
                string other => throw model.Unsupported($"a {other} tokenizer", "BPE and WordLevel"),
            };
        });
    }

    /// <summary>Files by early writers leave the type out; only BPE has merges.</summary>
    private static string ModelKind(JsonField model) =>
        model["type"].IsNull && !model["merges"].IsNull ? "BPE" : model.Kind;
}
