using System.Text.Json;
using System.Text.Json.Nodes;

namespace Goodhart.Text.Tokenizers.Bpe;

/// <summary>
/// Reads the BPE kinds of <c>tokenizer.json</c>: byte-level, and in SentencePiece's manner. A component that would change the ids and is
/// not known here is refused by
/// name. <c>truncation</c> and <c>padding</c> are left alone: they are what the last caller of another tool asked for, and such tools
/// replace them at each call.
/// </summary>
internal sealed class BpeReader(TokenizerFolder folder, JsonField root)
{
    public BpeTokenizer Read()
    {
        INormalizer normalizer = NormalizerReader.Read(root["normalizer"]);
        bool isByteLevel = PreTokenizerReader.IsByteLevel(root["pre_tokenizer"]) || root["decoder"].Kind == "ByteLevel";
        PreTokenizer preTokenizer = PreTokenizerReader.Read(root["pre_tokenizer"]);
        Func<Vocabulary, ITextDecoder> decoder = DecoderReader.Read(root["decoder"], isByteLevel);
        Template template = Template.Read(root["post_processor"]);
        Dictionary<string, int> words = BpeModelReader.Vocabulary(root["model"]["vocab"]);
        IWordModel model = isByteLevel ? BpeModelReader.ByteLevel(root["model"], words) : BpeModelReader.Characters(root["model"], words);
        using JsonDocument? config = folder.Json(TokenizerFolder.ConfigName);
        IReadOnlyList<AddedToken> added = [.. AddedTokenReader.Read(root["added_tokens"], config).Select(Spelled)];
        Vocabulary vocabulary = new(words, added);

        SpecialIds special = Special(vocabulary, template);
        return new(new(added, normalizer, preTokenizer, model), vocabulary, decoder(vocabulary), special, Carried(
            vocabulary.TokenOf(special.Eos, 0)));

        // A token that is looked for in normalised text is normalised itself, and decodes to that.
        AddedToken Spelled(AddedToken token) =>
            token.Normalized ? token with { Content = normalizer.Apply(token.Content) } : token;
    }

    private SpecialIds Special(Vocabulary vocabulary, Template template)
    {
        SpecialTokenNames names = new(folder);
        (string? text, int? id) = names.EndOfText();
        int eos = text is not null ? Known(vocabulary, text, "eos_token") : id!.Value;
        if ((uint)eos >= (uint)vocabulary.Size)
        {
            throw new TokenizerException(FormattableString.Invariant(
                $"eos_token_id: {eos} is outside the tokenizer's {vocabulary.Size} ids; the model belongs to another tokenizer."));
        }

        string? pad = names.Text("pad_token");
        return new(eos, pad is null ? null : Known(vocabulary, pad, "pad_token"), Start(vocabulary, names, template, eos));
    }

    private static int? Start(Vocabulary vocabulary, SpecialTokenNames names, Template template, int eos)
    {
        if (template.After is int after && after != eos)
        {
            throw new TokenizerException(FormattableString.Invariant(
                $"post_processor: its template ends texts with id {after}, but the end-of-text token is {eos}; expected the same."));
        }

        return template.Before ?? (names.AddsStart() && names.Text("bos_token") is string start
            ? Known(vocabulary, start, "bos_token")
            : null);
    }

    private static int Known(Vocabulary vocabulary, string token, string role) => vocabulary.IdOf(token)
        ?? throw new TokenizerException($"{role}: '{token}' is not in the vocabulary. Name one of its tokens.");

    /// <summary>
    /// The files as they are. Where only the model's own settings name the end of text, the configuration gets the name too, for a saved
    /// tokenizer must open without the model.
    /// </summary>
    private SortedDictionary<string, byte[]> Carried(string eos)
    {
        SortedDictionary<string, byte[]> files = new(folder.Files, StringComparer.Ordinal);
        if (new SpecialTokenNames(folder).Text("eos_token") is null)
        {
            JsonObject config = files.TryGetValue(TokenizerFolder.ConfigName, out byte[]? bytes)
                ? JsonNode.Parse(bytes) as JsonObject ?? []
                : new() { ["tokenizer_class"] = "PreTrainedTokenizerFast", ["clean_up_tokenization_spaces"] = false };
            config["eos_token"] = eos;
            files[TokenizerFolder.ConfigName] = [.. JsonSerializer.SerializeToUtf8Bytes(config, IndentedJson.IndentedNodes), (byte)'\n'];
        }

        return files;
    }
}
